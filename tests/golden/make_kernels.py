"""Golden numbers for the kernels, from PyTorch in float64. Run with any Python that has torch and numpy; writes kernels.json beside it.

Maps are stored NHWC, filters [kh, kw, in, out] (depthwise [kh, kw, channels, 1]), row-major. What goes in is
stored in 256ths, as integers, which float32 holds exactly; what comes out is rounded to 6 digits.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def numbers(t):
    return [float(f"{v:.6g}") for v in t.detach().reshape(-1).tolist()]


def inputs(t):
    return [round(v * 256) for v in t.detach().reshape(-1).tolist()]


def draw(*shape, scale=1.0):
    return (torch.randint(-512, 513, shape).double() * scale / 256).requires_grad_()


def nhwc(t):
    return t.permute(0, 2, 3, 1)


def convolution(n, h, w, cin, cout, k, stride, padding, dilation):
    x, f = draw(n, cin, h, w), draw(cout, cin, k, k)
    y = F.conv2d(x, f, stride=stride, padding=padding, dilation=dilation)
    dy = draw(*y.shape)
    dx, df = torch.autograd.grad(y, (x, f), dy)
    khwio = lambda t: t.permute(2, 3, 1, 0)
    return {
        "shape": [n, h, w, cin], "filterShape": [k, k, cin, cout],
        "options": {"stride": stride, "padding": padding, "dilation": dilation},
        "x": inputs(nhwc(x)), "filter": inputs(khwio(f)), "dy": inputs(nhwc(dy)),
        "yShape": list(nhwc(y).shape), "y": numbers(nhwc(y)), "dx": numbers(nhwc(dx)), "dfilter": numbers(khwio(df)),
    }


def depthwise(n, h, w, c, k, stride, padding, dilation):
    x, f = draw(n, c, h, w), draw(c, 1, k, k)
    y = F.conv2d(x, f, stride=stride, padding=padding, dilation=dilation, groups=c)
    dy = draw(*y.shape)
    dx, df = torch.autograd.grad(y, (x, f), dy)
    khwc = lambda t: t.permute(2, 3, 0, 1)
    return {
        "shape": [n, h, w, c], "filterShape": [k, k, c, 1],
        "options": {"stride": stride, "padding": padding, "dilation": dilation},
        "x": inputs(nhwc(x)), "filter": inputs(khwc(f)), "dy": inputs(nhwc(dy)),
        "yShape": list(nhwc(y).shape), "y": numbers(nhwc(y)), "dx": numbers(nhwc(dx)), "dfilter": numbers(khwc(df)),
    }


def batch_norm(activation):
    n, h, w, c = 2, 3, 4, 5
    x = draw(n, c, h, w, scale=3)
    gamma, beta, dy = draw(c, scale=2), draw(c), draw(n, c, h, w)
    y = F.batch_norm(x, torch.zeros(c), torch.ones(c), gamma, beta, training=True, momentum=0.1, eps=1e-5)
    y = {"none": lambda t: t, "relu": F.relu, "relu6": F.relu6}[activation](y)
    dx, dgamma, dbeta = torch.autograd.grad(y, (x, gamma, beta), dy)
    return {
        "shape": [n, h, w, c], "activation": activation, "x": inputs(nhwc(x)), "gamma": inputs(gamma), "beta": inputs(beta),
        "dy": inputs(nhwc(dy)), "y": numbers(nhwc(y)), "mean": numbers(x.mean((0, 2, 3))),
        "variance": numbers(x.var((0, 2, 3), unbiased=False)),
        "dx": numbers(nhwc(dx)), "dgamma": numbers(dgamma), "dbeta": numbers(dbeta),
    }


def cross_entropy(classes):
    n, h, w = 3, 4, 5
    logits = draw(n, classes, h, w, scale=4)
    labels = torch.randint(0, classes, (n, h, w))
    labels[torch.rand(n, h, w) < 0.3] = 255
    labels[2] = 255
    weights = torch.randint(1, 5, (n, h, w)).double() / 4
    dsums = draw(n)
    loss = F.cross_entropy(logits, labels, ignore_index=255, reduction="none") * weights
    sums = loss.sum((1, 2))
    (dlogits,) = torch.autograd.grad(sums, logits, dsums)
    return {
        "shape": [n, h, w, classes], "logits": inputs(nhwc(logits)), "labels": labels.reshape(-1).tolist(),
        "weights": inputs(weights), "dsums": inputs(dsums), "sums": numbers(sums), "dlogits": numbers(nhwc(dlogits)),
    }


def upsampled_cross_entropy(h, w, height, width):
    n, classes = 3, 5
    logits = draw(n, classes, h, w, scale=4)
    labels = torch.randint(0, classes, (n, height, width))
    labels[torch.rand(n, height, width) < 0.3] = 255
    labels[2] = 255
    weights = torch.randint(1, 5, (n, height, width)).double() / 4
    dsums = draw(n)
    upsampled = F.interpolate(logits, size=(height, width), mode="bilinear", align_corners=True)
    loss = F.cross_entropy(upsampled, labels, ignore_index=255, reduction="none") * weights
    sums = loss.sum((1, 2))
    (dlogits,) = torch.autograd.grad(sums, logits, dsums)
    return {
        "shape": [n, h, w, classes], "size": [height, width], "logits": inputs(nhwc(logits)),
        "labels": labels.reshape(-1).tolist(), "weights": inputs(weights), "dsums": inputs(dsums),
        "sums": numbers(sums), "dlogits": numbers(nhwc(dlogits)),
    }


def upsample(h, w, height, width):
    x = draw(2, 3, h, w)
    y = F.interpolate(x, size=(height, width), mode="bilinear", align_corners=True)
    dy = draw(*y.shape)
    (dx,) = torch.autograd.grad(y, x, dy)
    return {
        "shape": [2, h, w, 3], "size": {"height": height, "width": width},
        "x": inputs(nhwc(x)), "y": numbers(nhwc(y)), "dy": inputs(nhwc(dy)), "dx": numbers(nhwc(dx)),
    }


def sgd():
    options = {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 5e-4}
    p = draw(7)
    start = inputs(p)
    optimizer = torch.optim.SGD([p], lr=0.1, momentum=0.9, weight_decay=5e-4)
    steps = []
    for _ in range(3):
        p.grad = draw(7).detach()
        gradient = inputs(p.grad)
        optimizer.step()
        steps.append({"gradient": gradient, "parameter": numbers(p)})
    return {"options": options, "parameter": start, "steps": steps}


golden = {
    "convolution": {
        "dense 3x3": convolution(2, 5, 4, 3, 5, 3, 1, 1, 1),
        "stem, stride 2, odd size": convolution(1, 7, 9, 3, 4, 3, 2, 1, 1),
        "stride 2, even size": convolution(1, 6, 8, 2, 3, 3, 2, 1, 1),
        "dilation 2": convolution(1, 6, 7, 4, 3, 3, 1, 2, 2),
        "dilation beyond the map": convolution(1, 4, 5, 2, 9, 3, 1, 6, 6),
        "1x1": convolution(2, 3, 5, 6, 9, 1, 1, 0, 1),
        "1x1, stride 2": convolution(1, 5, 5, 3, 4, 1, 2, 0, 1),
        "no padding": convolution(1, 6, 5, 2, 2, 3, 1, 0, 1),
    },
    "depthwise": {
        "3x3": depthwise(2, 5, 4, 5, 3, 1, 1, 1),
        "stride 2, odd size": depthwise(1, 7, 9, 6, 3, 2, 1, 1),
        "stride 2, even size": depthwise(1, 6, 8, 4, 3, 2, 1, 1),
        "dilation 2": depthwise(1, 7, 6, 9, 3, 1, 2, 2),
        "dilation beyond the map": depthwise(1, 4, 5, 3, 3, 1, 12, 12),
    },
    "batchNorm": [batch_norm(a) for a in ("none", "relu", "relu6")],
    "crossEntropy": [cross_entropy(c) for c in (2, 11)],
    "upsample": [upsample(3, 4, 9, 11), upsample(1, 1, 3, 4), upsample(2, 1, 5, 3), upsample(4, 3, 4, 3)],
    "sgd": sgd(),
    "upsampledCrossEntropy": [
        upsampled_cross_entropy(3, 5, 12, 20), upsampled_cross_entropy(1, 4, 3, 11), upsampled_cross_entropy(4, 3, 2, 3),
    ],
}
path = pathlib.Path(__file__).with_name("kernels.json")
path.write_text(json.dumps(golden, separators=(",", ":")))
print(path.stat().st_size, "bytes")
