"""Golden numbers of ten steps by the rules of recipe studio, from PyTorch in float64: SGD with Nesterov's momentum, the gradient clipped,
a learning rate that falls with every step, the rating head on detached taps, averages of weights and running statistics.

The network, its batch and its start are those of make_network.py. float32 leaves float64 at the kinks of ReLU6 behind maps of 3 x 4
cells, and then the faster, the higher the learning rate, so that it is low here; what is kept of every array is how far its first
numbers went. Run: python3 tests/golden/make_studio.py (PyTorch 1.13 or newer). It prints how far
PyTorch's own float32 run is off, and runs with one rule left out, for the tolerances of the test.
"""
import json
import pathlib

import torch

import make_network as net

STEPS, LEARNING_RATE, CLIP_NORM, AVERAGING, POWER = 10, 1e-5, 5.0, 0.99, 0.9
KEPT = 6


def state():
    numbers = {name: value.detach() for name, value in net.PARAMETERS.items()}
    for norm, (mean, variance) in net.RUNNING.items():
        numbers[f"{norm}.running_mean"], numbers[f"{norm}.running_var"] = mean, variance
    return {name: value.clone() for name, value in numbers.items()}


def start():
    """Running statistics begin at 0 and 1; the first forward pass makes the parameters, and changes those already."""
    return {name: torch.zeros_like(value) if name.endswith("mean") else torch.ones_like(value) if name.endswith("var") else value
            for name, value in state().items()}


def train(dtype=torch.float64, nesterov=True, clip_norm=CLIP_NORM, power=POWER, first=1, are_taps_detached=True):
    """Losses by step; how far the first numbers of every array, and of their averages, went in all."""
    torch.set_default_dtype(dtype)
    for kept in (net.PARAMETERS, net.RUNNING):
        kept.clear()
    images, labels, weights = net.make_batch()
    losses, averages, optimizer, before = [], {}, None, None
    for step in range(STEPS):
        net.MODE["first_pass"] = step * net.BATCH
        loss, _, _ = net.total_loss(images, labels, weights, are_taps_detached)
        if optimizer is None:
            before = start()
            optimizer = torch.optim.SGD(net.PARAMETERS.values(), lr=LEARNING_RATE, momentum=net.MOMENTUM,
                                        weight_decay=net.WEIGHT_DECAY, nesterov=nesterov)
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * (1 - step / STEPS) ** power
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.PARAMETERS.values(), clip_norm)
        optimizer.step()
        losses.append(loss.item())
        share = min(1 - 1 / (step + first), AVERAGING)
        for name, value in state().items():
            averages[name] = share * averages[name] + (1 - share) * value if step else value
    return losses, went(before, state()), went(before, averages)


def went(before, after):
    return {name: (after[name] - before[name]).flatten()[:KEPT].double() for name in before}


def is_running(name):
    return name.endswith(("running_mean", "running_var"))


def distance(want, got, running):
    """Of all that is kept, as a share of the way itself."""
    way, other = (torch.cat([numbers[name] for name in want if is_running(name) == running]) for numbers in (want, got))
    return ((way - other).norm() / way.norm()).item()


def digits(value):
    return float(f"{value:.6g}")


golden = train()
losses, values, averages = golden
kept = lambda numbers: {name: [digits(value) for value in way.tolist()] for name, way in numbers.items()}
path = pathlib.Path(__file__).with_name("studio.json")
path.write_text(json.dumps({
    "options": {"steps": STEPS, "learningRate": LEARNING_RATE, "clipNorm": CLIP_NORM, "averaging": AVERAGING, "dropoutSeed": net.DROPOUT_SEED},
    "losses": [float(f"{loss:.8g}") for loss in losses], "values": kept(values), "averages": kept(averages),
}, separators=(",", ":")))
print(path.stat().st_size, "bytes", [round(loss, 4) for loss in losses])
print("off in: losses of the first four steps, of all; weights, running statistics; averages of weights, of running statistics")
for what, rules in {
    "float32": {"dtype": torch.float32}, "without Nesterov's momentum": {"nesterov": False}, "without clipping": {"clip_norm": 1e9},
    "the learning rate stays": {"power": 0}, "averages start a step later": {"first": 2}, "taps joint": {"are_taps_detached": False},
}.items():
    other = train(**rules)
    off = [abs(a - b) for a, b in zip(losses, other[0])]
    ways = [distance(golden[i], other[i], running) for i in (1, 2) for running in (False, True)]
    print(f"{what}: {max(off[:4]):.1e} {max(off):.1e}; {ways[0]:.4f} {ways[1]:.4f}; {ways[2]:.4f} {ways[3]:.4f}")
