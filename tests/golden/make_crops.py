"""Golden pixels of augmented crops. Run with a Python that has numpy and scikit-image; writes crops.json beside it.

skimage.transform.warp resamples; its mode 'edge' repeats the outermost pixels, and padding is put in afterwards.
"""
import json
from pathlib import Path

import numpy as np
from skimage.transform import warp

HEIGHT, WIDTH = 9, 12
MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

random = np.random.default_rng(7)
rgb = random.integers(0, 256, (HEIGHT, WIDTH, 3))
classes = random.integers(0, 4, (HEIGHT, WIDTH))
classes[random.random((HEIGHT, WIDTH)) < 0.2] = 255


def positions(length, scale, start, flipped):
    """Where the centres of a crop's pixels lie in the image, whose pixels are one long."""
    steps = np.arange(length)[::-1] if flipped else np.arange(length)
    return (steps + 0.5) / scale + start


def example(height, width, scale, left, top, flipped):
    columns, rows = positions(width, scale, left, flipped), positions(height, scale, top, False)
    grid = np.stack(np.meshgrid(rows - 0.5, columns - 0.5, indexing="ij"))
    channels = [warp(rgb[..., c].astype(float), grid, order=1, mode="edge", preserve_range=True) for c in range(3)]
    image = np.stack(channels, -1)
    image = (image / 255 - MEAN) / DEVIATION
    y, x = np.floor(rows).astype(int), np.floor(columns).astype(int)
    inside = ((y >= 0) & (y < HEIGHT))[:, None] & ((x >= 0) & (x < WIDTH))[None]
    image[~inside] = 0
    labels = np.where(inside, classes[np.clip(y, 0, HEIGHT - 1)[:, None], np.clip(x, 0, WIDTH - 1)[None]], 255)
    crop = dict(height=height, width=width, scale=scale, left=left, top=top, isFlipped=flipped)
    return {"crop": crop, "image": image.round(6).ravel().tolist(), "labels": labels.ravel().tolist()}


examples = [
    example(HEIGHT, WIDTH, 1.0, 0, 0, False),
    example(HEIGHT, WIDTH, 1.25, 2, 1, True),
    example(HEIGHT, WIDTH, 0.75, -3, -2, False),
    example(5, 6, 1.1, 4, 3, True),
    example(4, 6, 0.8, 1, 2, False),
]
sample = {"height": HEIGHT, "width": WIDTH, "rgb": rgb.ravel().tolist(), "classes": classes.ravel().tolist()}
Path(__file__).with_name("crops.json").write_text(json.dumps({"sample": sample, "examples": examples}) + "\n")
