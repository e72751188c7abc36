"""Golden numbers for the paper's stages, from NumPy and SciPy. Writes cpral.json beside itself."""
import json
from pathlib import Path

import numpy as np
from scipy.ndimage import correlate
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


if __name__ == "__main__":
    golden = {"attention": attention(), "regions": regions()}
    Path(__file__).with_name("cpral.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
