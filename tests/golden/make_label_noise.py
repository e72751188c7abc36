"""Golden masks with wrong labels, from NumPy and SciPy. Writes label-noise.json beside itself."""
import json
from itertools import product
from pathlib import Path

import numpy as np
from scipy.ndimage import label

HEIGHT, WIDTH = 14, 18


def mix(value):
    """PCG's output permutation RXS-M-XS of 32 bits, in arithmetic of 64 bits."""
    value = np.asarray(value, np.uint64) & np.uint64(0xFFFFFFFF)
    state = (value * np.uint64(747796405) + np.uint64(2891336453)) & np.uint64(0xFFFFFFFF)
    word = ((state >> ((state >> np.uint64(28)) + np.uint64(4))) ^ state) * np.uint64(277803737) & np.uint64(0xFFFFFFFF)
    return (word >> np.uint64(22)) ^ word


def fold(*words):
    folded = np.uint64(0)
    for word in words:
        folded = mix(folded ^ np.uint64(word))
    return folded


def fnv(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 % 2**32
    return value


def words(name, seed, order, indices):
    key = [seed, fnv(name), order]
    first, second = fold(*key), fold(0x9E3779B9, *key)
    return mix(mix(first ^ indices.astype(np.uint64)) + second).astype(np.int64)


def segments(mask):
    named = np.zeros(mask.shape, np.int64)
    for value in np.unique(mask):
        parts, count = label(mask == value)
        for part in range(1, count + 1):
            named[parts == part] = np.flatnonzero(parts.ravel() == part)[0]
    return named


def noisy(mask, classes, kind, share, unit, seed, order):
    units = segments(mask) if unit == "segment" else np.arange(mask.size).reshape(mask.shape)
    chosen = words("label-noise", seed, order, units) < share * 2**32
    quarter = words("label-noise-kind", seed, order, units) * 4 // 2**32
    shift = 1 + words("label-noise-class", seed, order, units) * (classes - 1) // 2**32
    symmetric, missing, random = classes - 1 - mask.astype(int), np.full(mask.shape, 255), (mask + shift) % classes
    mixed = np.choose(quarter, [symmetric, missing, missing, random])
    wrong = {"symmetric": symmetric, "missing": missing, "random": random, "mixed": mixed}[kind]
    return np.where(chosen & (mask != 255), wrong, mask)


def main():
    random = np.random.default_rng(33)
    mask = random.integers(0, 5, (7, 9)).repeat(2, 0).repeat(2, 1).astype(np.uint8)
    mask[random.random(mask.shape) < 0.2] = 3
    mask[5:8, 4:12] = 255
    cases = [
        {"kind": kind, "share": share, "unit": unit, "seed": seed, "order": order,
         "mask": noisy(mask, 5, kind, share, unit, seed, order).ravel().tolist()}
        for (kind, share), unit, (seed, order) in product(
            [("symmetric", 0.2), ("missing", 0.4), ("random", 0.6), ("mixed", 0.6), ("random", 1)],
            ["pixel", "segment"], [(1, 0), (2, 3)])
    ]
    golden = {"height": HEIGHT, "width": WIDTH, "classes": 5, "truth": mask.ravel().tolist(),
              "segments": segments(mask).ravel().tolist(), "cases": cases}
    Path(__file__).with_name("label-noise.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
