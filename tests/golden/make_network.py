"""Golden numbers of the whole network from PyTorch: forward, losses, gradients, running statistics and two SGD steps.

Parameters, images, labels and dropout masks come from the counter-based hash of src/math/random.ts, so that the test rebuilds
them without a file of weights. Run: python3 tests/golden/make_network.py (PyTorch 1.13 or newer).
"""
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
WIDTH, CHANNELS, CLASSES = 0.35, 8, 5
BATCH, HEIGHT, WIDTH_PX = 4, 48, 64
LEARNING_RATE, MOMENTUM, WEIGHT_DECAY, HEAD_FACTOR = 0.01, 0.9, 5e-4, 10
DROPOUT_SEED = 123
RATES = {1: 0.5, 2: 0.5, 3: 0.1}


U = np.uint64
MASK = U(0xFFFFFFFF)


def hash32(value):
    value = np.asarray(value, dtype=U) & MASK
    state = (value * U(747796405) + U(2891336453)) & MASK
    word = (((state >> ((state >> U(28)) + U(4))) ^ state) * U(277803737)) & MASK
    return (word >> U(22)) ^ word


def hash_words(*words):
    h = np.uint64(0)
    for word in words:
        h = hash32(h ^ np.uint64(word))
    return h


def hash_string(text):
    h = 0x811C9DC5
    for c in text:
        h = ((h ^ ord(c)) * 0x01000193) & 0xFFFFFFFF
    return h


def uniform(name, shape):
    """In [-1, 1), float32-rounded so that both sides start from the same numbers."""
    count = int(np.prod(shape))
    key = hash_words(hash_string(name))
    u = hash32(key ^ np.arange(count, dtype=np.uint64)).astype(np.float64) / 2147483648.0 - 1
    return torch.from_numpy(u.astype(np.float32).reshape(shape)).to(torch.get_default_dtype())


PARAMETERS, GROUPS, RUNNING, VELOCITY = {}, {}, {}, {}


def parameter(name, shape, group, bound, offset=0.0):
    if name not in PARAMETERS:
        value = (uniform(name, shape).double() * bound + offset).float().to(torch.get_default_dtype())
        PARAMETERS[name] = value.requires_grad_(True)
        GROUPS[name] = group
    return PARAMETERS[name]


def conv_bn(x, conv, norm, group, cout, kernel=1, stride=1, dilation=1, depthwise=False, act="relu"):
    cin = x.shape[1]
    fan_in = kernel * kernel * (1 if depthwise else cin)
    weight = parameter(conv + ".weight", (cout, 1 if depthwise else cin, kernel, kernel), group, math.sqrt(6 / fan_in))
    x = F.conv2d(x, weight, None, stride, dilation * (kernel - 1) // 2, dilation, cin if depthwise else 1)
    gamma = parameter(norm + ".weight", (cout,), group, 0.2, 1.0)
    beta = parameter(norm + ".bias", (cout,), group, 0.1)
    if norm not in RUNNING:
        RUNNING[norm] = (torch.zeros(cout), torch.ones(cout))
    x = F.batch_norm(x, *RUNNING[norm], gamma, beta, MODE["train"], 0.1, 1e-5)
    return {"relu": F.relu, "relu6": F.relu6, "none": lambda v: v}[act](x)


def dropout(x, layer):
    if not MODE["train"]:
        return x
    n, c, h, w = x.shape
    element = np.arange(h * w * c, dtype=np.uint64)  # NHWC order
    keep = [
        hash32(hash_words(DROPOUT_SEED, layer, MODE["first_pass"] + i) ^ element) >= math.floor(RATES[layer] * 2**32)
        for i in range(n)
    ]
    mask = torch.from_numpy(np.stack(keep)).to(x.dtype).reshape(n, h, w, c).permute(0, 3, 1, 2)
    return x * mask / (1 - RATES[layer])


def scale_channels(c):
    scaled = c * WIDTH
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded


ROWS = [(1, 16, 1, 1, 1), (6, 24, 2, 2, 1), (6, 32, 3, 2, 1), (6, 64, 4, 2, 1), (6, 96, 3, 1, 1), (6, 160, 3, 1, 1), (6, 320, 1, 1, 2)]


def encoder(x):
    outputs = [conv_bn(x, "features.0.0", "features.0.1", "encoder", scale_channels(32), 3, 2, act="relu6")]
    for t, c, n, s, d in ROWS:
        for i in range(n):
            prefix, x = f"features.{len(outputs)}.conv", outputs[-1]
            hidden, first, y = x.shape[1] * t, 1 if t > 1 else 0, x
            if t > 1:
                y = conv_bn(y, f"{prefix}.0.0", f"{prefix}.0.1", "encoder", hidden, act="relu6")
            stride = s if i == 0 else 1
            y = conv_bn(y, f"{prefix}.{first}.0", f"{prefix}.{first}.1", "encoder", hidden, 3, stride, d, True, "relu6")
            y = conv_bn(y, f"{prefix}.{first + 1}", f"{prefix}.{first + 2}", "encoder", scale_channels(c), act="none")
            outputs.append(x + y if stride == 1 and x.shape == y.shape else y)
    return outputs[-1], outputs[3], [outputs[i] for i in (3, 6, 10, 13, 16, 17)]


def separable(x, name, cout, dilation):
    x = conv_bn(x, f"{name}.depthwise.conv", f"{name}.depthwise.norm", "head", x.shape[1], 3, 1, dilation, True)
    return conv_bn(x, f"{name}.pointwise.conv", f"{name}.pointwise.norm", "head", cout)


def network(images, are_taps_detached=False):
    high, low, taps = encoder(images)
    branches = [conv_bn(high, "aspp.branch0.conv", "aspp.branch0.norm", "head", CHANNELS)]
    branches += [separable(high, f"aspp.branch{i + 1}", CHANNELS, d) for i, d in enumerate((6, 12, 18))]
    pooled = conv_bn(high.mean((2, 3), keepdim=True), "aspp.pool.conv", "aspp.pool.norm", "head", CHANNELS)
    branches.append(pooled.expand(-1, -1, *high.shape[2:]))
    pyramid = dropout(conv_bn(torch.cat(branches, 1), "aspp.project.conv", "aspp.project.norm", "head", CHANNELS), 1)
    low = conv_bn(low, "decoder.low.conv", "decoder.low.norm", "head", 48)
    up = F.interpolate(pyramid, low.shape[2:], mode="bilinear", align_corners=True)
    x = dropout(separable(torch.cat([up, low], 1), "decoder.first", CHANNELS, 1), 2)
    x = dropout(separable(x, "decoder.last", CHANNELS, 1), 3)
    bound = math.sqrt(6 / CHANNELS)
    logits = F.conv2d(x, parameter("decoder.classifier.weight", (CLASSES, CHANNELS, 1, 1), "head", bound),
                      parameter("decoder.classifier.bias", (CLASSES,), "head", 0.1))
    features = []
    for i, tap in enumerate(taps):
        pooled = (tap.detach() if are_taps_detached else tap).mean((2, 3))
        weight = parameter(f"rating.tap{i}.weight", (128, pooled.shape[1]), "head", 1 / math.sqrt(pooled.shape[1]))
        features.append(F.relu(F.linear(pooled, weight, parameter(f"rating.tap{i}.bias", (128,), "head", 0.1))))
    weight = parameter("rating.output.weight", (1, 768), "head", 1 / math.sqrt(768))
    ratings = F.linear(torch.cat(features, 1), weight, parameter("rating.output.bias", (1,), "head", 0.1))[:, 0]
    return logits, ratings


def total_loss(images, labels, weights, are_taps_detached=False):
    logits, ratings = network(images, are_taps_detached)
    logits = F.interpolate(logits, (HEIGHT, WIDTH_PX), mode="bilinear", align_corners=True)
    ce = F.cross_entropy(logits, labels, reduction="none", ignore_index=255) * weights
    sums, weight_sums = ce.sum((1, 2)), weights.sum((1, 2))
    image_losses = (sums / weight_sums).detach()
    half = BATCH // 2
    i, j = slice(0, half), list(range(BATCH - 1, half - 1, -1))
    sign = torch.where(image_losses[i] > image_losses[j], 1.0, -1.0)
    rating = torch.clamp(1 - sign * (ratings[i] - ratings[j]), min=0).mean()
    return sums.sum() / weight_sums.sum() + rating, logits, ratings


def make_batch():
    images = uniform("images", (BATCH, HEIGHT, WIDTH_PX, 3)).permute(0, 3, 1, 2)
    blocks = (np.arange(HEIGHT)[:, None] // 8 + np.arange(WIDTH_PX)[None, :] // 8)
    labels = np.stack([(blocks + n) % CLASSES for n in range(BATCH)])
    labels[:, :4, :] = 255
    weights = np.where(labels == 255, 0.0, np.where(np.arange(WIDTH_PX) < 16, 0.5, 1.0))
    return images, torch.from_numpy(labels), torch.from_numpy(weights).to(torch.get_default_dtype())


MODE = {"train": True, "first_pass": 0}


def summary(x):
    return {"sum": x.sum().item(), "norm": x.norm().item(), "first": x.flatten()[:3].tolist()}


def record_state(golden, images):
    """After the first step: the second one's numbers already differ by percents between float32 and float64."""
    golden["parameters"] = {name: summary(p.detach()) for name, p in PARAMETERS.items()}
    golden["running"] = {name: {"mean": m.norm().item(), "variance": v.norm().item()} for name, (m, v) in RUNNING.items()}
    MODE["train"] = False
    with torch.no_grad():
        logits, ratings = network(images[:1])
    MODE["train"] = True
    first = logits[0].permute(1, 2, 0).flatten()[:40].tolist()
    golden["inference"] = {"logits": first, "norm": logits.norm().item(), "rating": ratings[0].item()}


def main():
    images, labels, weights = make_batch()
    golden = {"steps": [], "momenta": {}}
    for step in range(2):
        MODE["first_pass"] = step * BATCH
        loss, logits, ratings = total_loss(images, labels, weights)
        gradients = torch.autograd.grad(loss, list(PARAMETERS.values()))
        golden["steps"].append({
            "loss": loss.item(),
        })
        with torch.no_grad():
            for (name, p), g in zip(PARAMETERS.items(), gradients):
                g = g + WEIGHT_DECAY * p
                VELOCITY[name] = MOMENTUM * VELOCITY[name] + g if name in VELOCITY else g
                if step == 0:
                    golden["momenta"][name] = summary(g)
                p -= LEARNING_RATE * (HEAD_FACTOR if GROUPS[name] == "head" else 1) * VELOCITY[name]
        if step == 0:
            record_state(golden, images)
    path = os.path.join(os.path.dirname(__file__), "network.json")
    with open(path, "w") as f:
        json.dump(json.loads(json.dumps(golden), parse_float=lambda x: float(f"{float(x):.8g}")), f)
    rating, size = golden["inference"]["rating"], os.path.getsize(path)
    print(golden["steps"][0]["loss"], golden["steps"][1]["loss"], rating, sum(p.numel() for p in PARAMETERS.values()), size)


if __name__ == "__main__":
    main()
