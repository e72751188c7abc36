/** What a page measures of itself while somebody works at its label table. */
export interface TableMeter {
  tableMeter: {
    /** @param type of the event that begins the operation; null for many events */
    begin(type: string | null): void
    /** Whether anything has been drawn since it began. */
    isPainted(): boolean
    end(): { stall: number; painted: number }
  }
}

/** Runs in the page, so it reads nothing from here. */
export function startMeter(): void {
  let [stall, lastFrame, begun, painted] = [0, performance.now(), Number.NaN, Number.NaN]
  let beginning: string | null = null
  const frame = () => {
    const now = performance.now()
    stall = Math.max(stall, now - lastFrame)
    lastFrame = now
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  const starts = (event: Event) => {
    const isModifier = event instanceof KeyboardEvent && /^(Control|Shift)$/.test(event.key)
    if (event.type === beginning && Number.isNaN(begun) && !isModifier) begun = event.timeStamp
  }
  for (const type of ['pointerdown', 'pointerup', 'click', 'keydown']) addEventListener(type, starts, true)
  // The photo and the labels on it, but not the cursor over them.
  const isPicture = ({ canvas }: CanvasRenderingContext2D) =>
    canvas.parentElement?.className.includes('stage') && canvas.dataset.testid === undefined
  const { prototype } = CanvasRenderingContext2D
  for (const name of ['putImageData', 'drawImage'] as const) {
    const draw = prototype[name] as (...given: unknown[]) => void
    Object.assign(prototype, {
      [name](this: CanvasRenderingContext2D, ...given: unknown[]) {
        draw.apply(this, given)
        if (isPicture(this)) painted = performance.now()
      },
    })
  }
  Object.assign(globalThis, {
    tableMeter: {
      begin(type: string | null) {
        ;[beginning, stall, begun, painted] = [type, 0, Number.NaN, Number.NaN]
      },
      isPainted: () => !Number.isNaN(painted),
      end: () => ({ stall, painted: painted - begun }),
    },
  })
}
