/** Statistics of ImageNet's RGB in [0, 1], by which every image is normalised before a network sees it. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const
