"""Golden numbers for the paper's stages, from NumPy, SciPy and PyTorch. Writes cpral.json and label-extension.json beside itself."""
import json
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import correlate
from scipy.spatial.distance import cdist
from scipy.stats import norm

random = np.random.default_rng(20220222)


def profile(side, sigma):
    x = np.linspace(-sigma, sigma, side + 1)
    g = np.diff(norm.cdf(x))
    return np.sqrt(side * g / g.sum())


def attention():
    profiles = [
        {"side": side, "sigma": sigma, "a": profile(side, sigma).round(9).tolist()}
        for side, sigma in [(1, 2), (3, 2), (4, 2), (16, 2), (17, 1.5), (32, 3)]
    ]
    filters = []
    for height, width, side in [(9, 12, 5), (10, 7, 4), (6, 6, 8)]:
        map_ = random.random((height, width)).round(6)
        a = profile(side, 2)
        # correlate's centre for even sides is at side // 2: rows r - side//2 .. + side - 1.
        out = correlate(map_, np.outer(a, a), mode="constant", cval=0.0)
        filters.append({"height": height, "width": width, "side": side,
                        "map": map_.ravel().tolist(), "out": out.round(7).ravel().tolist()})
    return {"profiles": profiles, "filters": filters}


def regions():
    """NMS to the letter: every pick scans every centre."""
    cases = []
    for height, width, side, levels in [(23, 31, 6, 1000), (20, 20, 5, 4), (17, 40, 7, 30)]:
        score = random.integers(0, levels, (height, width)) / levels
        labelled = np.zeros((height, width), int)
        labelled[3:15, 2:14] = 1
        labelled[height - 4:, width - 9:] = 1
        inside = [(y, x) for y in range(height - side + 1) for x in range(width - side + 1)]
        alive = {
            (y, x): score[y + side // 2, x + side // 2] for y, x in inside
            if score[y + side // 2, x + side // 2] > 0 and labelled[y:y + side, x:x + side].sum() < side * side
        }
        picks = []
        while alive and len(picks) < height * width // side**2:
            y, x = min(alive, key=lambda p: (-alive[p], p))
            picks.append([y, x, alive[y, x], int(side * side - labelled[y:y + side, x:x + side].sum())])
            alive = {p: s for p, s in alive.items() if abs(p[0] - y) >= side or abs(p[1] - x) >= side}
        cases.append({"height": height, "width": width, "side": side, "score": score.ravel().tolist(),
                      "labelled": labelled.ravel().tolist(), "picks": picks})
    return cases


def ranking():
    cases = []
    for n in (2, 4, 8):
        ratings = torch.tensor(random.normal(0, 1, n).round(4), requires_grad=True)
        losses = torch.tensor(random.random(n).round(4))
        i, j = torch.arange(n // 2), n - 1 - torch.arange(n // 2)
        sign = torch.where(losses[i] > losses[j], 1.0, -1.0)
        loss = torch.nn.functional.margin_ranking_loss(ratings[i], ratings[j], sign, margin=1.0)
        loss.backward()
        cases.append({"ratings": ratings.tolist(), "losses": losses.tolist(), "loss": loss.item(),
                      "gradient": ratings.grad.tolist()})
    return cases


def core_set():
    features = random.normal(0, 1, (40, 6)).round(4)
    centres, chosen, radii = [3, 17], [], []
    for _ in range(10):
        distance = cdist(features, features[centres + chosen]).min(axis=1)
        chosen.append(int(distance.argmax()))
        radii.append(float(distance.max().round(7)))
    return {"features": features.ravel().tolist(), "dimension": 6, "centres": centres, "chosen": chosen, "radii": radii}


def evaluation():
    count = 6  # class 5 occurs nowhere
    truth = random.choice([0, 1, 2, 3, 4, 255], 400)
    prediction = np.where(random.random(400) < 0.6, truth % 255, random.integers(0, 5, 400))
    valid = truth != 255
    matrix = np.zeros((count, count))
    np.add.at(matrix, (truth[valid], prediction[valid]), 1)
    hits, union = matrix.diagonal(), matrix.sum(0) + matrix.sum(1) - matrix.diagonal()
    iou = [float(h / u) if u else None for h, u in zip(hits, union)]
    return {"classCount": count, "truth": truth.tolist(), "prediction": prediction.tolist(), "iou": iou,
            "mIoU": float(np.mean([v for v in iou if v is not None])), "accuracy": float(hits.sum() / matrix.sum())}


def scaled_lab(rgb):
    """CIELAB / 100 of sRGB bytes, from the definitions."""
    c = rgb / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                       [0.0193339, 0.1191920, 0.9503041]])
    t = linear @ to_xyz.T / np.array([0.95047, 1, 1.08883])
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([(116 * f[..., 1] - 16) / 100, 5 * (f[..., 0] - f[..., 1]), 2 * (f[..., 1] - f[..., 2])], -1)


def softmax(logits):
    weights = np.exp(logits - logits.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


def scene(height, width, classes):
    """Two-dimensional bands of colour with noise, annotated in windows; one window holds void."""
    rows, columns = np.mgrid[:height, :width]
    truth = (rows * 2 // height + columns * 3 // width) % classes
    palette = np.array([[200, 60, 50], [60, 180, 70], [70, 80, 190]])
    rgb = np.clip(palette[truth] + random.integers(-25, 26, (height, width, 3)), 0, 255)
    annotated = np.zeros((height, width), bool)
    annotated[2:12, 1:14] = annotated[10:22, 16:30] = annotated[18:24, 0:9] = True
    labels = np.where(annotated, truth, 255)
    labels[18:20, 0:4] = 255
    return rgb, labels, annotated


def extension_context(patch, stride, position_sigma, appearance):
    """Every query against every key, dense."""
    height, width, classes = 24, 32, 3
    rgb, labels, annotated = scene(height, width, classes)
    lab, s_p = scaled_lab(rgb), position_sigma * width / 480
    cells = [(y, x) for y in range(0, height - patch + 1, stride) for x in range(0, width - patch + 1, stride)]
    window = lambda a, p: a[p[0]:p[0] + patch, p[1]:p[1] + patch]
    keys = [p for p in cells if window(annotated, p).all() and (window(labels, p) != 255).all()]
    queries = [p for p in cells if not window(annotated, p).all()]
    histogram = np.array([[(window(labels, p) == c).mean() for c in range(classes)] for p in keys])
    sums, cover = np.zeros((height, width, classes)), np.zeros((height, width))
    for q in queries:
        distance = np.array([((window(lab, q) - window(lab, k)) ** 2).mean() for k in keys])
        offset = np.array([(q[0] - k[0]) ** 2 + (q[1] - k[1]) ** 2 for k in keys])
        logits = np.where(offset <= 9 * s_p**2, -appearance * distance - offset / (2 * s_p**2), -np.inf)
        if np.isinf(logits).all():
            continue
        window(sums, q)[:] += softmax(logits) @ histogram
        window(cover, q)[:] += 1
    return extension_case(rgb, labels, annotated, sums, cover)


def extension_paper(patch):
    height, width, classes = 24, 32, 3
    rgb, labels, annotated = scene(height, width, classes)
    colour = rgb / 255
    cells = [(y, x) for y in range(height - patch + 1) for x in range(width - patch + 1)]
    window = lambda a, p: a[p[0]:p[0] + patch, p[1]:p[1] + patch]
    keys = [p for p in cells if window(annotated, p).all() and (window(labels, p) != 255).all()]
    queries = [p for p in cells if not window(annotated, p).all()]
    kernels = np.array([window(colour, k).ravel() for k in keys])
    kernels /= np.maximum(np.linalg.norm(kernels, axis=1, keepdims=True), 1e-4)
    one_hot = np.array([np.eye(classes)[window(labels, k)] for k in keys])
    sums, cover = np.zeros((height, width, classes)), np.zeros((height, width))
    for q in queries:
        attention = softmax(10 * kernels @ window(colour, q).ravel())
        window(sums, q)[:] += np.tensordot(attention, one_hot, 1)
        window(cover, q)[:] += 1
    return extension_case(rgb, labels, annotated, sums, cover)


def extension_case(rgb, labels, annotated, sums, cover):
    probabilities = sums / np.maximum(cover, 1)[..., None]
    return {"rgb": rgb.ravel().tolist(), "labels": labels.ravel().tolist(), "annotated": annotated.astype(int).ravel().tolist(),
            "classes": np.where(cover > 0, probabilities.argmax(-1), 255).ravel().tolist(),
            "probability": (probabilities.max(-1) * (cover > 0)).round(5).ravel().tolist()}


def extension():
    colours = random.integers(0, 256, (12, 3))
    return {
        "lab": {"rgb": colours.ravel().tolist(), "lab": scaled_lab(colours).round(7).ravel().tolist()},
        "contextTiled": extension_context(4, 4, 150, 200),
        "contextOverlapping": extension_context(4, 2, 40, 100),
        "paper": extension_paper(3),
    }


if __name__ == "__main__":
    Path(__file__).with_name("label-extension.json").write_text(json.dumps(extension(), separators=(",", ":")) + "\n")
    random = np.random.default_rng(20220222)
    golden = {"attention": attention(), "regions": regions(), "ranking": ranking(), "coreSet": core_set(),
              "evaluation": evaluation()}
    Path(__file__).with_name("cpral.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
