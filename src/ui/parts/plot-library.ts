/** The parts of Plot that the screen's charts use. `PlotFigure` loads them with the first chart, not with the page. */
export { dot, line, plot, ruleY, text } from '@observablehq/plot'
