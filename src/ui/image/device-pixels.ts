/** Watches the size of an element in CSS pixels and in device pixels. */
import type { Size } from '../../domain/size'

/**
 * Calls `onsize` with an element's size, now and whenever it changes: with the window, with the browser's zoom, or because the window was
 * moved to a screen of another pixel density. Returns a function that ends it.
 */
export function watchSize(element: Element, onsize: (css: Size, device: Size) => void): () => void {
  const told: ResizeObserverCallback = ([{ contentRect, devicePixelContentBoxSize }]) => {
    const { width, height } = contentRect
    const [box] = devicePixelContentBoxSize ?? []
    onsize(
      { width, height },
      { width: wholePixels(width, box?.inlineSize), height: wholePixels(height, box?.blockSize) },
    )
  }
  const inCss = new ResizeObserver(told)
  inCss.observe(element)
  const inDevice = new ResizeObserver(told)
  // Each size may change while the other stays.
  if ('devicePixelContentBoxSize' in ResizeObserverEntry.prototype) {
    inDevice.observe(element, { box: 'device-pixel-content-box' })
  }
  const stop = watchDensity(() => again(inCss, element))
  return () => {
    inCss.disconnect()
    inDevice.disconnect()
    stop()
  }
}

/**
 * Device pixels of a length in CSS pixels.
 * @param told the browser's own number, which knows its rounding; undefined where it gives none
 */
function wholePixels(css: number, told: number | undefined): number {
  const expected = css * devicePixelRatio
  // With an emulated screen, the browser tells the pixels of the real one.
  return told !== undefined && Math.abs(told - expected) <= 1 ? told : Math.round(expected)
}

/** Makes an observer tell an element's size again: it does so for every element that it begins to observe. */
function again(observer: ResizeObserver, element: Element) {
  observer.unobserve(element)
  observer.observe(element)
}

/** Calls `onchange` when the pixel density changes. */
function watchDensity(onchange: () => void): () => void {
  const leaving = new AbortController()
  const watch = () => {
    const change = () => {
      onchange()
      watch()
    }
    // A query matches one density, so each change needs a new one.
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
    query.addEventListener('change', change, { once: true, signal: leaving.signal })
  }
  watch()
  return () => leaving.abort()
}
