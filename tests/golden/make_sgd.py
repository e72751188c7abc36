"""Golden numbers for SGD with Nesterov's momentum and a clipped gradient, from PyTorch in float64. Run with any Python that has torch;
writes sgd.json beside it.

What goes in is stored in 256ths, as integers, which float32 holds exactly; what comes out is rounded to 6 digits.
"""
import json
import pathlib

import torch

torch.manual_seed(15)
torch.set_default_dtype(torch.float64)


def numbers(t):
    return [float(f"{v:.6g}") for v in t.detach().reshape(-1).tolist()]


def inputs(t):
    return [round(v * 256) for v in t.detach().reshape(-1).tolist()]


def draw(size, largest=512):
    return (torch.randint(-largest, largest + 1, (size,)).double() / 256).requires_grad_()


def sgd(nesterov, clip_norm):
    """Two parameters, which share the norm of the gradient; their gradients grow and shrink so that some steps are clipped and some not."""
    p, q = draw(7), draw(6)
    start = [inputs(p), inputs(q)]
    optimizer = torch.optim.SGD([p, q], lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=nesterov)
    steps = []
    for i in range(10):
        p.grad, q.grad = (draw(len(t), (64, 512, 2048)[i % 3]).detach() for t in (p, q))
        gradients = [inputs(p.grad), inputs(q.grad)]
        if clip_norm:
            torch.nn.utils.clip_grad_norm_([p, q], clip_norm)
        optimizer.step()
        steps.append({"gradients": gradients, "parameters": [numbers(p), numbers(q)]})
    options = {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 5e-4, "nesterov": nesterov, "clipNorm": clip_norm}
    return {"options": options, "parameters": start, "steps": steps}


golden = {"nesterov": sgd(True, None), "clipped": sgd(False, 2.0), "both": sgd(True, 5.0)}
path = pathlib.Path(__file__).with_name("sgd.json")
path.write_text(json.dumps(golden, separators=(",", ":")))
print(path.stat().st_size, "bytes")
