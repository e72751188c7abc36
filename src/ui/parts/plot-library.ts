/** What the screen's charts use of Plot. `PlotFigure` loads it with the first chart; the page does not wait for it. */
export { dot, line, plot, text } from '@observablehq/plot'
