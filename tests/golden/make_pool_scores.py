"""Golden numbers for methods that score the whole pool class by class, from NumPy. Writes pool-scores.json beside itself."""
import json
from pathlib import Path

import numpy as np
from make_cpral import profile

random = np.random.default_rng(20260115)
MASK = 0xFFFFFFFF


def hash32(value):
    state = (value * 747796405 + 2891336453) & MASK
    word = (((state >> ((state >> 28) + 4)) ^ state) * 277803737) & MASK
    return (word >> 22) ^ word


def hash_words(*words):
    h = 0
    for word in words:
        h = hash32((h ^ word) & MASK)
    return h


def hash_string(text):
    h = 0x811C9DC5
    for letter in text:
        h = ((h ^ ord(letter)) * 0x01000193) & MASK
    return h


def random_map(seed, name, *counters):
    key = (seed, hash_string(name), *counters)
    first, second = hash_words(*key), hash_words(0x9E3779B9, *key)
    return lambda index: hash32((hash32(first ^ index) + second) & MASK)


def positions(length, side):
    stride = max(1, int(np.floor(side / 4 + 0.5)))
    return sorted({*range(0, length - side + 1, stride), length - side})


def upsample(logits, height, width):
    """Bilinear, corners aligned."""
    h, w, _ = logits.shape
    y, x = np.linspace(0, h - 1, height), np.linspace(0, w - 1, width)
    r, c = np.minimum(y.astype(int), h - 1), np.minimum(x.astype(int), w - 1)
    r1, c1 = np.minimum(r + 1, h - 1), np.minimum(c + 1, w - 1)
    v, u = (y - r)[:, None, None], (x - c)[None, :, None]
    top = logits[r][:, c] * (1 - u) + logits[r][:, c1] * u
    bottom = logits[r1][:, c] * (1 - u) + logits[r1][:, c1] * u
    return top * (1 - v) + bottom * v


def softmax(logits):
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def uncertainty(p, kind):
    if kind == "entropy":
        return -(p * np.log2(p)).sum(-1)
    two = np.sort(p, axis=-1)[..., -2:]
    return two[..., 0] / two[..., 1]


def masses(p, u, a):
    """Mean over every window of u * p under the weights a a^T, window by window."""
    height, width, classes = p.shape
    side = len(a)
    weights = np.outer(a, a) / a.sum() ** 2
    return np.array([
        [(weights[..., None] * (u[..., None] * p)[y:y + side, x:x + side]).sum((0, 1)) for x in positions(width, side)]
        for y in positions(height, side)
    ])


def mass_cases():
    cases = []
    for height, width, classes, side, kind, gaussian in [
        (13, 18, 3, 5, "entropy", False), (16, 21, 5, 8, "margin", True), (9, 9, 2, 9, "entropy", True), (12, 15, 4, 3, "margin", False),
    ]:
        logits = random.normal(0, 2, (4, 5, classes)).astype(np.float32).round(3)
        labelled = np.zeros((height, width), int)
        labelled[2:7, 1:6] = 1
        p = softmax(upsample(logits.astype(float), height, width))
        u = np.where(labelled == 1, 0, uncertainty(p, kind))
        a = profile(side, 2) if gaussian else np.ones(side)
        cases.append({
            "height": height, "width": width, "classes": classes, "side": side, "uncertainty": kind, "gaussian": gaussian,
            "logits": logits.ravel().tolist(), "labelled": labelled.ravel().tolist(),
            "masses": masses(p, u, a).round(9).ravel().tolist(), "shares": p.mean((0, 1)).round(9).tolist(),
        })
    return cases


def disjoint(scores, height, width, side, most):
    """Greedy windows of one list, by index; each scan looks at all that is left."""
    corners = [(y, x) for y in positions(height, side) for x in positions(width, side)]
    left = {i for i, s in enumerate(scores) if np.isfinite(s)}
    taken = []
    while left and len(taken) < most:
        best = min(left, key=lambda i: (-scores[i], i))
        taken.append(best)
        left = {i for i in left if abs(corners[i][0] - corners[best][0]) >= side or abs(corners[i][1] - corners[best][1]) >= side}
    return taken


def pool(images, height, width, side, classes):
    """Made-up masses: values that 16 bits hold exactly."""
    ys, xs = positions(height, side), positions(width, side)
    found = []
    for _ in range(images):
        m = random.integers(0, 900, (len(ys) * len(xs), classes)) / 1024 * (random.random((1, classes)) < 0.9)
        left = np.full(len(m), side * side)
        left[random.integers(0, len(m), 3)] = 0
        left[random.integers(0, len(m), 3)] = side * side // 2
        shares = random.dirichlet(np.full(classes, 0.5)).astype(np.float32)
        found.append({"masses": m, "newPixels": left, "shares": shares, "rating": float(np.float32(random.normal()))})
    return found


def balanced(images, height, width, side, balance, prior, most, budget):
    shares = np.mean([image["shares"].astype(float) for image in images], 0)
    weights = (1 + balance * shares) ** -2.0
    ratings = np.array([image["rating"] for image in images])
    z = (ratings - ratings.mean()) / ratings.std()
    offers, found = [], 0
    for order, image in enumerate(images):
        scores = image["masses"] @ weights
        with np.errstate(divide="ignore"):
            logs = np.where(image["newPixels"] > 0, np.log(scores), -np.inf)
        picks = disjoint(logs, height, width, side, len(scores))
        found += len(picks)
        offers += [(logs[i] + prior * z[order], order, i) for i in picks[:most]]
    taken, spent = [], 0
    for log, order, i in sorted(offers, key=lambda o: (-o[0], o[1], o[2])):
        if spent >= budget - side * side / 2:
            break
        taken.append([order, i, float(np.exp(log))])
        spent += int(images[order]["newPixels"][i])
    return {"regions": taken, "newPixels": spent, "found": found}


def stratified(images, height, width, side, classes, seed, round_, rounds, most, budget, quotas):
    """Given the classes' turns and quotas, whose draw the program's own streams make."""
    beta = 100 ** ((round_ - 1) / (rounds - 1))
    corners = [(y, x) for y in positions(height, side) for x in positions(width, side)]
    lists, found = {c: [] for c in range(classes + 1)}, 0
    for order, image in enumerate(images):
        word = random_map(seed, "stratified-entropy", round_, order)
        for c in range(classes + 1):
            mass = image["masses"].sum(1) if c == classes else image["masses"][:, c]
            gumbel = np.array([-np.log(-np.log((word(i * (classes + 1) + c) + 0.5) / 2**32)) for i in range(len(mass))])
            with np.errstate(divide="ignore"):
                logs = np.where(image["newPixels"] > 0, np.log(mass), -np.inf) + gumbel / beta
            picks = disjoint(logs, height, width, side, len(mass))
            if c == classes:
                found += len(picks)
            lists[c] += [(logs[i], order, i) for i in (picks if c == classes else picks[:most])]
    taken, spent = [], 0
    for c, wanted in [*quotas, (classes, 10**9)]:
        for log, order, i in sorted(lists[c], key=lambda o: (-o[0], o[1], o[2])):
            if wanted <= 0 or spent >= budget - side * side / 2:
                break
            mine = [corners[j] for o, j, _ in taken if o == order]
            (y, x) = corners[i]
            if len(mine) >= most or any(abs(y - v) < side and abs(x - u) < side for v, u in mine):
                continue
            taken.append([order, i, float(np.exp(log))])
            spent += int(images[order]["newPixels"][i])
            wanted -= 1
    return {"regions": taken, "newPixels": spent, "found": found}


def rankings():
    height, width, side, classes, most = 20, 26, 8, 4, 2
    images = pool(7, height, width, side, classes)
    quotas = [(2, 1), (0, 2), (3, 1), (1, 1)]
    case = {
        "height": height, "width": width, "side": side, "classes": classes, "most": most,
        "images": [{**image, "masses": image["masses"].ravel().tolist(), "newPixels": image["newPixels"].tolist(),
                    "shares": image["shares"].tolist()} for image in images],
        "balanced": {"balance": 6, "prior": 0.25, "budget": 600,
                     **balanced(images, height, width, side, 6, 0.25, most, 600)},
        "stratified": {"seed": 5, "round": 2, "rounds": 4, "budget": 600, "quotas": quotas,
                       **stratified(images, height, width, side, classes, 5, 2, 4, most, 600, quotas)},
    }
    return case


if __name__ == "__main__":
    golden = {"masses": mass_cases(), "ranking": rankings()}
    Path(__file__).with_name("pool-scores.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
