/** A view of the page with its parameters. It is kept in the address behind '#', so that a reload shows the same view. */
export type Route =
  | { view: 'projects' }
  /** With `original`, the form of a new run is open, and begins with the settings of that run. */
  | { view: 'project'; projectId: string; original?: string }
  | { view: 'compare'; projectId: string; runIds: string[] }
  | { view: 'run'; projectId: string; runId: string }
  | { view: 'image'; projectId: string; runId: string; round: number; imageId: string }
  /** The label table; with a run, its maps and regions. */
  | { view: 'label'; projectId: string; runId: string | null; imageId: string }

const decode = (part: string) => (/%(?![0-9a-f]{2})/i.test(part) ? part : decodeURIComponent(part))

/** What stands behind a project's id for the runs that are compared. */
const COMPARE = 'compare?runs='

/**
 * Reads `#/project/<id>/run/<id>/round/<n>/image/<id>` or a beginning of it, or `label/<id>` behind a project or run; or behind a
 * project `duplicate/<run>` or `compare?runs=<run>,<run>`. Anything else is the project list.
 */
export function parseRoute(hash: string): Route {
  const written = hash.replace(/^#?\/?/, '').split('/')
  const parts = written.map(decode)
  const [project, projectId, run, runId, round, index, image, imageId] = parts
  if (project !== 'project' || !projectId) return { view: 'projects' }
  if (run === 'duplicate' && runId && parts.length === 4) return { view: 'project', projectId, original: runId }
  if (parts.length === 3 && (run === 'compare' || run.startsWith(COMPARE))) {
    const runIds = (written[2] ?? '').slice(COMPARE.length).split(',')
    return { view: 'compare', projectId, runIds: runIds.filter((id) => id !== '').map(decode) }
  }
  const [place, labelled] = parts.slice(-2)
  if (place === 'label' && labelled && (parts.length === 4 || (parts.length === 6 && run === 'run'))) {
    return { view: 'label', projectId, runId: parts.length === 6 ? runId : null, imageId: labelled }
  }
  if (run !== 'run' || !runId) return { view: 'project', projectId }
  if (round !== 'round' || image !== 'image' || !imageId) return { view: 'run', projectId, runId }
  return { view: 'image', projectId, runId, round: Math.max(1, Number.parseInt(index, 10) || 1), imageId }
}

export function formatRoute(route: Route): string {
  if (route.view === 'projects') return '#/'
  const parts = ['project', route.projectId]
  if (route.view === 'compare') {
    return `#/project/${encodeURIComponent(route.projectId)}/${COMPARE}${route.runIds.map(encodeURIComponent).join(',')}`
  }
  if (route.view === 'project' && route.original) parts.push('duplicate', route.original)
  if (route.view !== 'project' && route.runId !== null) parts.push('run', route.runId)
  if (route.view === 'label') parts.push('label', route.imageId)
  if (route.view === 'image') parts.push('round', String(route.round), 'image', route.imageId)
  return `#/${parts.map(encodeURIComponent).join('/')}`
}

export class Router {
  route = $state.raw<Route>({ view: 'projects' })

  constructor() {
    this.read()
  }

  read() {
    this.route = parseRoute(location.hash)
  }

  go(route: Route) {
    location.hash = formatRoute(route)
    this.route = route
  }

  /** Changes the route without a step in the browser's history, for going through images. */
  replace(route: Route) {
    history.replaceState(history.state, '', formatRoute(route))
    this.route = route
  }

  /** Follows the browser's back and forward. Returns a function that stops it. */
  follow(): () => void {
    const read = () => this.read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }
}
