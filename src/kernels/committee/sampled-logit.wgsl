// Logits [m, h, w, C] as a pixel of the upsampled map sees them, for modules with such `logits` and `params`. Goes with bilinear.wgsl.

// Offsets of the four corners in one pass, and how far the pixel lies between them.
struct Corners { at: vec4u, x: f32, y: f32 }

fn corners_of(pixel: u32) -> Corners {
  let y = tap(pixel / params.width, params.inHeight, params.height);
  let x = tap(pixel % params.width, params.inWidth, params.width);
  let at = vec4u(y.low, y.low, y.high, y.high) * params.inWidth + vec4u(x.low, x.high, x.low, x.high);
  return Corners(at * params.classes, x.weight, y.weight);
}

fn sample_logit(start: u32, corners: Corners, c: u32) -> f32 {
  let i = corners.at + start + c;
  let top = mix(logits[i.x], logits[i.y], corners.x);
  let bottom = mix(logits[i.z], logits[i.w], corners.x);
  return mix(top, bottom, corners.y);
}

