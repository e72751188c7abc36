/** Height and width in pixels. Every array of pixels is row-major: (x, y) is at y * width + x. */
export interface Size {
  height: number
  width: number
}

/** A rectangle of pixels. (x, y) is its top-left pixel. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}
