/** `npm start`: builds if needed, serves the app and prints its address. */
import { DIST, ensureBuild } from '../browser/ensure-build'
import { startStaticServer } from '../browser/static-server'

const USUAL_PORT = 4173
const NEXT_PORTS = Array.from({ length: 20 }, (_, i) => USUAL_PORT + 1 + i)

ensureBuild()
const wanted = process.env.PORT ? Number(process.env.PORT) : USUAL_PORT
const server = await startStaticServer(DIST, process.env.PORT ? [wanted] : [wanted, ...NEXT_PORTS])
console.log(`CPRAL Studio is at http://localhost:${server.port}/ (Ctrl+C stops it)`)
if (server.port !== wanted) {
  console.log(
    `Port ${wanted} is taken. The browser keeps projects per address: those made on ${wanted} are not shown here.`,
  )
}
