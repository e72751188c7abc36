"""Golden numbers of the network on each of its encoders, from PyTorch in float64: logits, taps and rating of one image with
running statistics; and, for narrow nets, the loss and gradients of a training step.

Parameters, running statistics, images and labels come from the counter-based hash of src/math/random.ts, so that the test
rebuilds them without a file of weights. Run: python3 tests/golden/make_encoders.py (PyTorch 1.13 or newer).
"""
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
HEIGHT, WIDTH = 33, 49
MASK = np.uint64(0xFFFFFFFF)
MOBILENETV2 = [(1, 16, 1, 1, 1), (6, 24, 2, 2, 1), (6, 32, 3, 2, 1), (6, 64, 4, 2, 1), (6, 96, 3, 1, 1), (6, 160, 3, 1, 1), (6, 320, 1, 1, 2)]
DRN_BLOCKS = {"drn-d-22": [2, 2, 2, 2], "drn-d-38": [3, 4, 6, 3], "drn-d-54": [3, 4, 6, 3]}
PRESETS = {"tiny": (0.35, 32, True), "light": (1, 64, True), "paper": (1, 256, False)}


def hash32(value):
    value = np.asarray(value, dtype=np.uint64) & MASK
    state = (value * np.uint64(747796405) + np.uint64(2891336453)) & MASK
    word = (((state >> ((state >> np.uint64(28)) + np.uint64(4))) ^ state) * np.uint64(277803737)) & MASK
    return (word >> np.uint64(22)) ^ word


def uniform(name, shape):
    """In [-1, 1), float32-rounded so that both sides start from the same numbers."""
    key = 0x811C9DC5
    for c in name:
        key = ((key ^ ord(c)) * 0x01000193) & 0xFFFFFFFF
    count = int(np.prod(shape))
    u = hash32(hash32(key) ^ np.arange(count, dtype=np.uint64)).astype(np.float64) / 2147483648.0 - 1
    return torch.from_numpy(u.astype(np.float32).astype(np.float64).reshape(shape))


class Network:
    """Makes each parameter when it is first asked for, under the name of the TypeScript network."""

    def __init__(self, encoder, width, channels, is_separable, classes, is_training=False):
        self.encoder, self.width, self.channels, self.is_separable = encoder, width, channels, is_separable
        self.classes, self.is_training, self.parameters = classes, is_training, {}

    def parameter(self, name, shape, bound, offset=0.0):
        value = (uniform(name, shape) * bound + offset).float().double()
        self.parameters[name] = value.requires_grad_(self.is_training)
        return value

    def scale(self, channels):
        scaled = channels * self.width
        rounded = max(8, int(scaled + 4) // 8 * 8)
        return rounded + 8 if rounded < 0.9 * scaled else rounded

    def conv_bn(self, x, conv, norm, cout, kernel=1, stride=1, dilation=1, depthwise=False, act=F.relu):
        cin = x.shape[1]
        fan_in = kernel * kernel * (1 if depthwise else cin)
        filter = self.parameter(conv + ".weight", (cout, 1 if depthwise else cin, kernel, kernel), math.sqrt(6 / fan_in))
        x = F.conv2d(x, filter, None, stride, dilation * (kernel - 1) // 2, dilation, cin if depthwise else 1)
        gamma = self.parameter(norm + ".weight", (cout,), 0.2, 1.0)
        beta = self.parameter(norm + ".bias", (cout,), 0.1)
        mean = (uniform(norm + ".running_mean", (cout,)) * 0.1).float().double()
        variance = (uniform(norm + ".running_var", (cout,)) * 0.5 + 1).float().double()
        return act(F.batch_norm(x, mean, variance, gamma, beta, self.is_training, 0.1, 1e-5))

    def conv3x3(self, x, name, dilation):
        if not self.is_separable:
            return self.conv_bn(x, f"{name}.conv", f"{name}.norm", self.channels, 3, 1, dilation)
        x = self.conv_bn(x, f"{name}.depthwise.conv", f"{name}.depthwise.norm", x.shape[1], 3, 1, dilation, True)
        return self.conv_bn(x, f"{name}.pointwise.conv", f"{name}.pointwise.norm", self.channels)

    def mobilenetv2(self, x):
        linear = lambda v: v
        outputs = [self.conv_bn(x, "features.0.0", "features.0.1", self.scale(32), 3, 2, act=F.relu6)]
        for t, c, n, s, d in MOBILENETV2:
            for i in range(n):
                prefix, x = f"features.{len(outputs)}.conv", outputs[-1]
                hidden, first, y = x.shape[1] * t, 1 if t > 1 else 0, x
                if t > 1:
                    y = self.conv_bn(y, f"{prefix}.0.0", f"{prefix}.0.1", hidden, act=F.relu6)
                stride = s if i == 0 else 1
                y = self.conv_bn(y, f"{prefix}.{first}.0", f"{prefix}.{first}.1", hidden, 3, stride, d, True, F.relu6)
                y = self.conv_bn(y, f"{prefix}.{first + 1}", f"{prefix}.{first + 2}", self.scale(c), act=linear)
                outputs.append(x + y if stride == 1 and x.shape == y.shape else y)
        return outputs[-1], outputs[3], [outputs[i] for i in (3, 6, 10, 13, 16, 17)]

    def drn(self, x):
        linear = lambda v: v
        is_bottleneck = self.encoder == "drn-d-54"
        x = self.conv_bn(x, "layer0.0", "layer0.1", self.scale(16), 7)
        x = self.conv_bn(x, "layer1.0", "layer1.1", self.scale(16), 3)
        x = self.conv_bn(x, "layer2.0", "layer2.1", self.scale(32), 3, 2)
        taps = []
        rows = zip(range(3, 7), DRN_BLOCKS[self.encoder], (64, 128, 256, 512), (2, 2, 1, 1), (1, 1, 2, 4))
        for layer, count, channels, first_stride, dilation in rows:
            c = self.scale(channels)
            for i in range(count):
                p, stride = f"layer{layer}.{i}", first_stride if i == 0 else 1
                if is_bottleneck:
                    y = self.conv_bn(x, f"{p}.conv1", f"{p}.bn1", c)
                    y = self.conv_bn(y, f"{p}.conv2", f"{p}.bn2", c, 3, stride, dilation)
                    y = self.conv_bn(y, f"{p}.conv3", f"{p}.bn3", 4 * c, act=linear)
                else:
                    y = self.conv_bn(x, f"{p}.conv1", f"{p}.bn1", c, 3, stride, dilation)
                    y = self.conv_bn(y, f"{p}.conv2", f"{p}.bn2", c, 3, 1, dilation, act=linear)
                if x.shape != y.shape:
                    x = self.conv_bn(x, f"{p}.downsample.0", f"{p}.downsample.1", y.shape[1], 1, stride, act=linear)
                x = F.relu(x + y)
            taps.append(x)
        for layer, dilation in ((7, 2), (8, 1)):
            x = self.conv_bn(x, f"layer{layer}.0", f"layer{layer}.1", self.scale(512), 3, 1, dilation)
            taps.append(x)
        return x, taps[0], taps

    def resnet9(self, x):
        linear = lambda v: v
        maps = []
        for i, (channels, stride, is_residual) in enumerate([(16, 2, False), (32, 2, False), (32, 1, False), (64, 2, True), (96, 2, True)]):
            p, c = f"layer{i + 1}", self.scale(channels)
            x = self.conv_bn(x, f"{p}.conv1", f"{p}.bn1", c, 3, stride)
            maps.append(x)
            if is_residual:
                y = self.conv_bn(x, f"{p}.conv2", f"{p}.bn2", c, 3)
                x = F.relu(x + self.conv_bn(y, f"{p}.conv3", f"{p}.bn3", c, 3, act=linear))
                maps.append(x)
        return x, maps[2], maps[1:]

    def forward(self, images):
        """Logits at 1/4 of the size, taps averaged over the image, rating. No dropout."""
        run = {"mobilenetv2": self.mobilenetv2, "resnet9": self.resnet9}.get(self.encoder, self.drn)
        high, low, taps = run(images)
        dilations = (12, 24, 36) if self.encoder in DRN_BLOCKS else (6, 12, 18)
        branches = [self.conv_bn(high, "aspp.branch0.conv", "aspp.branch0.norm", self.channels)]
        branches += [self.conv3x3(high, f"aspp.branch{i + 1}", d) for i, d in enumerate(dilations)]
        pooled = self.conv_bn(high.mean((2, 3), keepdim=True), "aspp.pool.conv", "aspp.pool.norm", self.channels)
        branches.append(pooled.expand(-1, -1, *high.shape[2:]))
        pyramid = self.conv_bn(torch.cat(branches, 1), "aspp.project.conv", "aspp.project.norm", self.channels)
        low = self.conv_bn(low, "decoder.low.conv", "decoder.low.norm", 48)
        up = F.interpolate(pyramid, low.shape[2:], mode="bilinear", align_corners=True)
        x = self.conv3x3(self.conv3x3(torch.cat([up, low], 1), "decoder.first", 1), "decoder.last", 1)
        shape = (self.classes, self.channels, 1, 1)
        logits = F.conv2d(x, self.parameter("decoder.classifier.weight", shape, math.sqrt(6 / self.channels)),
                          self.parameter("decoder.classifier.bias", (self.classes,), 0.1))
        means, features = [tap.mean((2, 3)) for tap in taps], []
        for i, mean in enumerate(means):
            weight = self.parameter(f"rating.tap{i}.weight", (128, mean.shape[1]), 1 / math.sqrt(mean.shape[1]))
            features.append(F.relu(F.linear(mean, weight, self.parameter(f"rating.tap{i}.bias", (128,), 0.1))))
        weight = self.parameter("rating.output.weight", (1, 768), 1 / math.sqrt(768))
        ratings = F.linear(torch.cat(features, 1), weight, self.parameter("rating.output.bias", (1,), 0.1))[:, 0]
        return logits, means, ratings


def images_of(batch):
    return uniform("images", (batch, HEIGHT, WIDTH, 3)).permute(0, 3, 1, 2)


def spread(values, count):
    """Every so many of the values, the first included."""
    return values.flatten()[:: max(1, values.numel() // count)][:count].tolist()


def inference(encoder, preset):
    width, channels, is_separable = PRESETS[preset]
    with torch.no_grad():
        logits, taps, ratings = Network(encoder, width, channels, is_separable, 19).forward(images_of(1))
    nhwc = logits.permute(0, 2, 3, 1)
    return {
        "encoder": encoder, "preset": preset, "shape": list(nhwc.shape), "norm": nhwc.norm().item(),
        "logits": spread(nhwc, 40), "tapNorms": [tap.norm().item() for tap in taps], "rating": ratings[0].item(),
    }


def training(encoder):
    """Cross-entropy over all pixels, taps detached: the gradients of the segmentation loss alone, without weight decay."""
    network = Network(encoder, 0.125, 8, True, 2, True)
    logits, _, _ = network.forward(images_of(2))
    logits = F.interpolate(logits, (HEIGHT, WIDTH), mode="bilinear", align_corners=True)
    labels = torch.from_numpy((np.arange(HEIGHT)[:, None] // 8 + np.arange(WIDTH)[None, :] // 8) % 2).expand(2, -1, -1)
    loss = F.cross_entropy(logits, labels)
    names = [name for name in network.parameters if not name.startswith("rating.")]
    gradients = torch.autograd.grad(loss, [network.parameters[name] for name in names])
    norms = {name: g.norm().item() for name, g in zip(names, gradients) if name.startswith("layer") and name.endswith("weight")}
    return {"encoder": encoder, "loss": loss.item(), "gradientNorms": norms}


cases = [("mobilenetv2", "tiny"), ("mobilenetv2", "light"), ("mobilenetv2", "paper"), ("resnet9", "tiny")] + [(drn, "paper") for drn in DRN_BLOCKS]
golden = {"inference": [inference(*case) for case in cases], "training": [training(name) for name in ["resnet9", *DRN_BLOCKS]]}
path = pathlib.Path(__file__).with_name("encoders.json")
path.write_text(json.dumps(json.loads(json.dumps(golden), parse_float=lambda x: float(f"{float(x):.8g}"))))
print(path.stat().st_size, [round(case["rating"], 4) for case in golden["inference"]], [case["loss"] for case in golden["training"]])
