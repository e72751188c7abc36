/** How large an element is, in CSS pixels and in those of the screen. */
import type { Size } from '../../cpral/config'

const tellsDevicePixels = () => 'devicePixelContentBoxSize' in ResizeObserverEntry.prototype

/**
 * Calls `onsize` with the size of an element, now and whenever it changes: with the window, with the browser's zoom, or because the
 * window was moved to a screen of another pixel density. Returns what ends it.
 */
export function watchSize(element: Element, onsize: (css: Size, device: Size) => void): () => void {
  const told: ResizeObserverCallback = ([{ contentRect, devicePixelContentBoxSize }]) => {
    const { width, height } = contentRect
    const [box] = devicePixelContentBoxSize ?? []
    const device = box
      ? { width: box.inlineSize, height: box.blockSize }
      : { width: Math.round(width * devicePixelRatio), height: Math.round(height * devicePixelRatio) }
    onsize({ width, height }, device)
  }
  const inCss = new ResizeObserver(told)
  inCss.observe(element)
  // Either size may change while the other stays.
  const stop = tellsDevicePixels() ? watchDevicePixels(element, told) : watchDensity(() => again(inCss, element))
  return () => {
    inCss.disconnect()
    stop()
  }
}

function watchDevicePixels(element: Element, told: ResizeObserverCallback): () => void {
  const observer = new ResizeObserver(told)
  observer.observe(element, { box: 'device-pixel-content-box' })
  return () => observer.disconnect()
}

/** An observer tells the size of what it begins to observe. */
function again(observer: ResizeObserver, element: Element) {
  observer.unobserve(element)
  observer.observe(element)
}

/** For browsers that do not tell sizes in the screen's pixels. */
function watchDensity(onchange: () => void): () => void {
  const leaving = new AbortController()
  const watch = () => {
    const change = () => {
      onchange()
      watch()
    }
    // The query holds at one density: for each other there is another.
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    query.addEventListener('change', change, { once: true, signal: leaving.signal })
  }
  watch()
  return () => leaving.abort()
}
