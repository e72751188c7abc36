/** How large an element is, in CSS pixels and in those of the screen. */
import type { Size } from '../../domain/size'

/**
 * Calls `onsize` with the size of an element, now and whenever it changes: with the window, with the browser's zoom, or because the
 * window was moved to a screen of another pixel density. Returns what ends it.
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
  // Either size may change while the other stays.
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
 * Pixels of the screen that a length covers.
 * @param told what the browser says of it, which knows how it rounds; undefined where it says nothing
 */
function wholePixels(css: number, told: number | undefined): number {
  const expected = css * devicePixelRatio
  // Where a screen is emulated, the browser tells the pixels of the real one.
  return told !== undefined && Math.abs(told - expected) <= 1 ? told : Math.round(expected)
}

/** An observer tells the size of what it begins to observe. */
function again(observer: ResizeObserver, element: Element) {
  observer.unobserve(element)
  observer.observe(element)
}

/** Calls back when the pixel density is another one. */
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
