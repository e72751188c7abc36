import { expose } from 'comlink'
import { stock } from '../contestants/stock/stock'

expose(stock)
