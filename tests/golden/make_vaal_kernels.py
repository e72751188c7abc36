"""Golden numbers for the kernels of VAAL, from PyTorch in float64. Run with any Python that has torch; writes vaal-kernels.json beside it.

As in make_kernels.py: maps are stored NHWC, row-major, what goes in in 256ths as integers, what comes out rounded to 6 digits. Filters of
transposed convolutions are [kh, kw, out, in].
"""
import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


def numbers(t):
    return [float(f"{v:.6g}") for v in t.detach().reshape(-1).tolist()]


def inputs(t):
    return [round(v * 256) for v in t.detach().reshape(-1).tolist()]


def draw(*shape, largest=512):
    return (torch.randint(-largest, largest + 1, shape).double() / 256).requires_grad_()


def nhwc(t):
    return t.permute(0, 2, 3, 1)


def transposed_convolution(n, h, w, cin, cout, kh, kw, stride, padding):
    x, f = draw(n, cin, h, w), draw(cin, cout, kh, kw)
    y = F.conv_transpose2d(x, f, stride=stride, padding=padding)
    dy = draw(*y.shape)
    dx, df = torch.autograd.grad(y, (x, f), dy)
    hwoi = lambda t: t.permute(2, 3, 1, 0)
    return {
        "shape": [n, h, w, cin], "filterShape": [kh, kw, cout, cin], "options": {"stride": stride, "padding": padding},
        "x": inputs(nhwc(x)), "filter": inputs(hwoi(f)), "dy": inputs(nhwc(dy)),
        "yShape": list(nhwc(y).shape), "y": numbers(nhwc(y)), "dx": numbers(nhwc(dx)), "dfilter": numbers(hwoi(df)),
    }


def adam(clip_norm):
    """Two parameters, which share the norm of the gradient; their gradients grow and shrink so that some steps are clipped and some not."""
    options = {"learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
    p, q = draw(7), draw(3, 2)
    start = [inputs(p), inputs(q)]
    optimizer = torch.optim.Adam([p, q], lr=0.01, betas=(0.9, 0.999), eps=1e-8)
    steps = []
    for i in range(10):
        p.grad, q.grad = (draw(*t.shape, largest=(64, 512, 2048)[i % 3]).detach() for t in (p, q))
        gradients = [inputs(p.grad), inputs(q.grad)]
        norm = torch.nn.utils.clip_grad_norm_([p, q], clip_norm) if clip_norm else None
        optimizer.step()
        steps.append({"gradients": gradients, "norm": norm and float(f"{norm:.6g}"), "parameters": [numbers(p), numbers(q)]})
    return {"options": {**options, "clipNorm": clip_norm}, "parameters": start, "steps": steps}


golden = {
    "transposedConvolution": {
        "4x4, stride 2": transposed_convolution(2, 3, 5, 4, 8, 4, 4, 2, 1),
        "4x4, stride 2, odd channels": transposed_convolution(1, 4, 3, 5, 3, 4, 4, 2, 1),
        "stride 1": transposed_convolution(2, 4, 3, 3, 6, 3, 3, 1, 1),
        "from one pixel": transposed_convolution(2, 1, 1, 6, 5, 4, 4, 1, 0),
        "stride 3, gaps between the taps": transposed_convolution(1, 3, 2, 2, 3, 2, 2, 3, 0),
        "a filter that is not square": transposed_convolution(1, 3, 4, 3, 2, 2, 5, 2, 1),
    },
    "adam": {"clipped": adam(2.0), "unclipped": adam(None)},
}
path = pathlib.Path(__file__).with_name("vaal-kernels.json")
path.write_text(json.dumps(golden, separators=(",", ":")))
print(path.stat().st_size, "bytes")
