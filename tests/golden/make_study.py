"""Golden numbers for the measures of a study, from NumPy and SciPy. Writes study.json beside itself."""
import json
from pathlib import Path

import numpy as np
from scipy.integrate import trapezoid
from scipy.stats import bootstrap

random = np.random.default_rng(14)


def areas():
    """The trapezoid on a grid that holds every point and both ends."""
    cases = []
    for rounds, start, end in [(5, 0.1, 0.3), (4, 0.07, 0.31), (2, 0.2, 0.25), (9, 0.055, 0.345)]:
        share = np.sort(random.uniform(0.05, 0.35, rounds)).round(6)
        share[0], share[-1] = 0.05, 0.35
        miou = np.sort(random.uniform(0.2, 0.6, rounds)).round(6)
        grid = np.unique(np.concatenate([share[(share > start) & (share < end)], [start, end]]))
        area = trapezoid(np.interp(grid, share, miou), grid) / (end - start)
        cases.append({"share": share.tolist(), "mIoU": miou.tolist(), "from": start, "to": end, "area": round(area, 9)})
    return cases


def spreads():
    cases = []
    for n in [2, 3, 8]:
        values = random.normal(0.4, 0.05, n).round(6)
        cases.append({"values": values.tolist(), "mean": round(values.mean(), 9), "deviation": round(values.std(ddof=1), 9)})
    return cases


def quantiles():
    values = np.sort(random.random(23)).round(6)
    at = [0, 0.025, 0.1, 0.5, 0.975, 1]
    return {"values": values.tolist(), "at": at, "quantiles": np.quantile(values, at).round(9).tolist()}


def intervals():
    """Percentile bootstrap of the mean. With so many resamples its own chance is below a hundredth of the deviation."""
    cases = []
    for n in [3, 5, 12]:
        values = random.normal(0.01, 0.02, n).round(6)
        low, high = bootstrap((values,), np.mean, n_resamples=400_000, batch=20_000, method="percentile",
                              random_state=1).confidence_interval
        cases.append({"values": values.tolist(), "from": round(low, 9), "to": round(high, 9)})
    return cases


out = {"areas": areas(), "spreads": spreads(), "quantiles": quantiles(), "intervals": intervals()}
Path(__file__).with_name("study.json").write_text(json.dumps(out) + "\n")
