import { ensureBuild } from '../../scripts/browser/ensure-build.ts'

/** The journeys drive the built app, as users get it. */
export default function setup(): void {
  ensureBuild()
}
