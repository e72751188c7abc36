import { expose } from 'comlink'
import { ours } from '../contestants/ours'

expose(ours)
