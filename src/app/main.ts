import { mount } from 'svelte'
import { Studio } from '../state/studio.svelte'
import App from '../ui/App.svelte'
import { exposeAutomation } from './automation'
import { installOffline } from './offline'
import { openWorkers } from './open-workers'
import '../ui/theme.css'

const studio = new Studio(openWorkers, location.search)
exposeAutomation(studio.workers)

const target = document.getElementById('app')
if (!target) throw new Error('index.html has no #app element.')
mount(App, { target, props: { studio } })
void installOffline()
