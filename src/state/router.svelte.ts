/** The places of the page, kept in the address after '#', so that a reload comes back to where one was. */
export type Route =
  | { view: 'projects' }
  | { view: 'project'; projectId: string }
  | { view: 'run'; projectId: string; runId: string }
  | { view: 'image'; projectId: string; runId: string; round: number; imageId: string }

const decode = (part: string) => (/%(?![0-9a-f]{2})/i.test(part) ? part : decodeURIComponent(part))

/** Reads `#/project/<id>/run/<id>/round/<n>/image/<id>` or a beginning of it; anything else is the project list. */
export function parseRoute(hash: string): Route {
  const [project, projectId, run, runId, round, index, image, imageId] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decode)
  if (project !== 'project' || !projectId) return { view: 'projects' }
  if (run !== 'run' || !runId) return { view: 'project', projectId }
  if (round !== 'round' || image !== 'image' || !imageId) return { view: 'run', projectId, runId }
  return { view: 'image', projectId, runId, round: Math.max(1, Number.parseInt(index, 10) || 1), imageId }
}

export function formatRoute(route: Route): string {
  if (route.view === 'projects') return '#/'
  const parts = ['project', route.projectId]
  if (route.view !== 'project') parts.push('run', route.runId)
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

  /** Follows the address without a step in the history: for going through images. */
  replace(route: Route) {
    history.replaceState(history.state, '', formatRoute(route))
    this.route = route
  }

  /** Follows the browser's back and forward; returns what stops it. */
  follow(): () => void {
    const read = () => this.read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }
}
