"""Golden run lengths: how pycocotools packs picked ones and those of random masks. Run with any Python that has pycocotools and numpy;
writes run-lengths.json beside it.
"""
import json
from pathlib import Path

import numpy as np
from pycocotools import mask

PICKED = [
    [0, 2, 1, 1, 10, 1],
    [15, 16, 31, 32],
    [1, 15, 2, 31, 3, 14],
    [17, 16, 1, 32, 17, 15, 529, 1, 16],
    [100000, 1, 7, 900000, 1, 1],
]


def runs_of(raster):
    """Down the columns, outside and inside in turn, beginning outside."""
    flat = raster.flatten(order="F")
    edges = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff(np.concatenate([[0], edges, [flat.size]])).tolist()
    return [0, *lengths] if flat[0] else lengths


def main():
    random = np.random.default_rng(7)
    picked = [{"runs": runs, "packed": pack(runs)} for runs in PICKED]
    for share in (0.02, 0.5, 0.98):
        raster = (random.random((23, 17)) < share).astype(np.uint8)
        packed = mask.encode(np.asfortranarray(raster))["counts"].decode()
        picked.append({"runs": runs_of(raster), "packed": packed})
    lines = ",\n".join(json.dumps(each) for each in picked)
    Path(__file__).with_name("run-lengths.json").write_text(f"[\n{lines}\n]\n")


def pack(runs):
    size = (sum(runs), 1)
    return mask.frPyObjects({"counts": runs, "size": size}, *size)["counts"].decode()


if __name__ == "__main__":
    main()
