"""Golden pixels of annotated shapes. Run with a Python that has numpy and PIL 9.4; writes annotations.json beside it.

Polygons of COCO follow the published rule of pycocotools, here with arrays: the outline is walked on dots a fifth of a pixel apart; where it
passes from one column of pixels to the next in the middle dot, the pixels below change sides.
"""
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SCALE = 5


def coco_polygon(points, height, width):
    """H x W booleans."""
    corners = np.trunc(SCALE * np.asarray(points, float).reshape(-1, 2) + 0.5).astype(int)
    dots = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0)):
        steps = np.abs(end - start).max()
        long = int(np.abs(end - start).argmax())
        low, high = (start, end) if start[long] <= end[long] else (end, start)
        along = np.arange(steps + 1)
        slope = (high[1 - long] - low[1 - long]) / steps if steps else 0.0
        walked = np.empty((steps + 1, 2), int)
        walked[:, long] = low[long] + along
        walked[:, 1 - long] = np.trunc(low[1 - long] + slope * along + 0.5)
        dots.append(walked if low is start else walked[::-1])
    dots = np.concatenate(dots)
    before, after = dots[:-1], dots[1:]
    columns = (np.minimum(before[:, 0], after[:, 0]) + 0.5) / SCALE - 0.5
    isCrossing = (before[:, 0] != after[:, 0]) & (columns == np.floor(columns)) & (columns >= 0) & (columns <= width - 1)
    rows = np.ceil(np.clip((np.minimum(before[:, 1], after[:, 1]) + 0.5) / SCALE - 0.5, 0, height)).astype(int)
    changes = np.zeros((height + 1, width), int)
    np.add.at(changes, (rows[isCrossing], columns[isCrossing].astype(int)), 1)
    return np.cumsum(changes, axis=0)[:height] % 2 == 1


def packed(mask):
    """Rows of pixels as texts of 0 and 1."""
    return ["".join("1" if inside else "0" for inside in row) for row in mask]


def coco_cases():
    random = np.random.default_rng(11)
    height, width = 14, 19
    polygons = [
        [4, 4, 14, 4, 14, 9, 4, 9],
        [0, 0, width, 0, width, height, 0, height],
        [0.5, 0.5, 17.3, 1.2, 9.9, 13.1],
        [2, 2, 2, 9, 2, 11],
        [3.5, 1, 4.5, 12, 5.5, 1, 6.5, 12, 7.5, 1],
        [-40, -30, 80, 3.3, 12, 70],
    ]
    for corners in (3, 4, 6, 9, 15):
        for margin in (0, 6):
            for decimals in (0, 2, 14):
                low, high = [-margin, -margin], [width + margin, height + margin]
                polygons.append(random.uniform(low, high, (corners, 2)).round(decimals).ravel().tolist())
    return [{"points": points, "rows": packed(coco_polygon(points, height, width))} for points in polygons]


LABELME = {
    "polygon": lambda draw, points: draw.polygon(points, outline=1, fill=1),
    "rectangle": lambda draw, points: draw.rectangle(points, outline=1, fill=1),
    "ellipse": lambda draw, points: draw.ellipse(points, outline=1, fill=1),
    "line": lambda draw, points: draw.line(points, fill=1, width=10),
}


def pillow_cases():
    random = np.random.default_rng(12)
    height, width = 21, 26
    shapes = [
        ("polygon", [(4, 4), (24, 4), (24, 14), (4, 14)]),
        ("polygon", [(2, 2), (9, 2), (20, 2), (20, 9), (2, 9)]),
        ("polygon", [(2, 2), (20, 18), (20, 2), (2, 18)]),
        ("polygon", [(14, -3), (8, 10), (-1, 3), (1, 5), (17, 3), (27, 23)]),
        ("line", [(5, 5), (5, 5)]),
        ("line", [(3, 10), (20, 10)]),
    ]
    for corners in (3, 4, 5, 8, 13):
        for margin in (0, 8):
            for _ in range(3):
                shapes.append(("polygon", random.uniform(-margin, [width + margin, height + margin], (corners, 2)).round(2).tolist()))
    for _ in range(4):
        shapes.append(("line", random.uniform(-3, [width + 3, height + 3], (3, 2)).round(2).tolist()))
    for _ in range(6):
        corners = np.sort(random.uniform(-6, [width + 6, height + 6], (2, 2)).round(2), axis=0).tolist()
        shapes += [("rectangle", corners), ("ellipse", corners)]
    cases = []
    for kind, points in shapes:
        picture = Image.new("L", (width, height))
        LABELME[kind](ImageDraw.Draw(picture), [tuple(point) for point in points])
        cases.append({"kind": kind, "points": points, "rows": packed(np.asarray(picture) == 1)})
    return cases


def main():
    areas = {"4,4 24,4 24,14 4,14": int(coco_polygon([4, 4, 24, 4, 24, 14, 4, 14], 32, 48).sum())}
    assert areas == {"4,4 24,4 24,14 4,14": 200}
    golden = {"coco": coco_cases(), "pillow": pillow_cases()}
    parts = []
    for name, cases in golden.items():
        lines = ",\n".join(json.dumps(each) for each in cases)
        parts.append(f'"{name}": [\n{lines}\n]')
    Path(__file__).with_name("annotations.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
