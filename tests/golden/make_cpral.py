"""Golden numbers for the paper's stages, from NumPy, SciPy and PyTorch. Writes cpral.json beside itself."""
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


if __name__ == "__main__":
    golden = {"attention": attention(), "regions": regions(), "ranking": ranking(), "coreSet": core_set(),
              "evaluation": evaluation()}
    Path(__file__).with_name("cpral.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
