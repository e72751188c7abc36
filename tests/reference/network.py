"""The `light` net of src/model in PyTorch, for the programs that compare with it. PyTorch 1.13 or newer."""
import json
import struct

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

ROWS = [(1, 16, 1, 1, 1), (6, 24, 2, 2, 1), (6, 32, 3, 2, 1), (6, 64, 4, 2, 1), (6, 96, 3, 1, 1), (6, 160, 3, 1, 1), (6, 320, 1, 1, 2)]
TAPS = (3, 6, 10, 13, 16, 17)


def conv_bn(cin, cout, k=1, stride=1, dilation=1, groups=1, act=nn.ReLU):
    layers = [nn.Conv2d(cin, cout, k, stride, dilation * (k - 1) // 2, dilation, groups, bias=False), nn.BatchNorm2d(cout)]
    return nn.Sequential(*layers, *([act()] if act else []))


def separable(cin, cout, dilation=1):
    return nn.Sequential(conv_bn(cin, cin, 3, 1, dilation, cin), conv_bn(cin, cout))


class Block(nn.Module):
    def __init__(self, cin, cout, t, stride, dilation, expand):
        super().__init__()
        hidden = cin * t
        layers = [conv_bn(cin, hidden, act=nn.ReLU6)] if expand else []
        layers.append(conv_bn(hidden, hidden, 3, stride, dilation, hidden, nn.ReLU6))
        self.conv = nn.Sequential(*layers, nn.Conv2d(hidden, cout, 1, bias=False), nn.BatchNorm2d(cout))
        self.residual = stride == 1 and cin == cout

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


class Net(nn.Module):
    def __init__(self, classes, expand_first, a=64, dropout=True):
        super().__init__()
        self.rates = (0.5, 0.5, 0.1) if dropout else (0, 0, 0)
        features, cin = [conv_bn(3, 32, 3, 2, act=nn.ReLU6)], 32
        for t, c, n, s, d in ROWS:
            for i in range(n):
                features.append(Block(cin, c, t, s if i == 0 else 1, d, t > 1 or expand_first))
                cin = c
        self.features = nn.ModuleList(features)
        self.branches = nn.ModuleList([conv_bn(320, a)] + [separable(320, a, d) for d in (6, 12, 18)])
        self.pool, self.project = conv_bn(320, a), conv_bn(5 * a, a)
        self.low, self.first, self.last = conv_bn(24, 48), separable(a + 48, a), separable(a, a)
        self.classifier = nn.Conv2d(a, classes, 1)
        self.taps = nn.ModuleList([nn.Linear(c, 128) for c in (24, 32, 64, 96, 160, 320)])
        self.rating = nn.Linear(768, 1)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)
        nn.init.zeros_(self.classifier.bias)

    def parameter_groups(self):
        """Encoder, head."""
        encoder = list(self.features.parameters())
        ids = {id(p) for p in encoder}
        return encoder, [p for p in self.parameters() if id(p) not in ids]

    def forward(self, x, detach=False):
        size, outputs = x.shape[2:], []
        for f in self.features:
            x = f(x)
            outputs.append(x)
        pooled = self.pool(x.mean((2, 3), keepdim=True)).expand(-1, -1, *x.shape[2:])
        y = F.dropout(self.project(torch.cat([b(x) for b in self.branches] + [pooled], 1)), self.rates[0], self.training)
        low = self.low(outputs[3])
        y = torch.cat([F.interpolate(y, low.shape[2:], mode="bilinear", align_corners=True), low], 1)
        y = F.dropout(self.last(F.dropout(self.first(y), self.rates[1], self.training)), self.rates[2], self.training)
        y = F.interpolate(self.classifier(y), size, mode="bilinear", align_corners=True)
        taps = [outputs[i].mean((2, 3)) for i in TAPS]
        taps = [t.detach() for t in taps] if detach else taps
        return y, self.rating(torch.cat([F.relu(l(t)) for l, t in zip(self.taps, taps)], 1))[:, 0]


def published_name(name):
    """Name of a parameter of Net in the files of src/model."""
    head, rest = name.split(".", 1)
    if head == "features":
        return name
    if head == "taps":
        return "rating.tap" + rest
    if head == "rating":
        return "rating.output." + rest
    if head == "classifier":
        return "decoder." + name
    place = {"low": "decoder.low", "first": "decoder.first", "last": "decoder.last"}.get(head, "aspp." + head)
    if head == "branches":
        index, rest = rest.split(".", 1)
        place = "aspp.branch" + index
    parts = rest.split(".")
    if len(parts) == 3:  # a separable convolution: depthwise, then pointwise
        place += (".depthwise", ".pointwise")[int(parts.pop(0))]
    return ".".join([place, ("conv", "norm")[int(parts[0])], parts[1]])


def read_safetensors(path):
    """Name to float32 array."""
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    read = lambda entry: np.frombuffer(data[slice(*entry["data_offsets"])], dtype=np.float32).reshape(entry["shape"])
    return {name: read(entry).copy() for name, entry in header.items() if name != "__metadata__"}


def load_weights(net, path):
    """Copies what the file has of the net's arrays; returns how many that were."""
    own, arrays = net.state_dict(), read_safetensors(path)
    found = [name for name in own if published_name(name) in arrays]
    for name in found:
        own[name].copy_(torch.from_numpy(arrays[published_name(name)]))
    return len(found)


def ranking_loss(ratings, losses):
    """Mean over the pairs (i, 2B-1-i) of max(0, 1 - s (r_i - r_j)), s = 1 where L_i > L_j, else -1."""
    half = len(ratings) // 2
    sign = torch.where(losses[:half] > losses.flip(0)[:half], 1.0, -1.0)
    return torch.clamp(1 - sign * (ratings[:half] - ratings.flip(0)[:half]), min=0).mean()
