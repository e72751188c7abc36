import { expose } from 'comlink'
import { ort } from '../contestants/ort'

expose(ort)
