"""Round 1 again in PyTorch, on the very images a run.json names: an independent check of where training lands.

    python3 tests/reference/train_first_round.py --data DIR --weights FILE --run out/run.json [--rating-weight 1] [--no-blur]

DIR is CamVid as images/<split>/*.jpg, labels/<split>/*.png (11 = void). Network, schedule and augmentation as in
src/model; random numbers are PyTorch's own, so only the level of the mIoU can be compared. PyTorch 1.13 or newer.
"""
import argparse
import glob
import json
import os
import struct

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image
from scipy.ndimage import gaussian_filter

MEAN, STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
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
    def __init__(self, classes, expand_first, a=64):
        super().__init__()
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

    def forward(self, x, detach=False):
        size, outputs = x.shape[2:], []
        for f in self.features:
            x = f(x)
            outputs.append(x)
        pooled = self.pool(x.mean((2, 3), keepdim=True)).expand(-1, -1, *x.shape[2:])
        y = F.dropout(self.project(torch.cat([b(x) for b in self.branches] + [pooled], 1)), 0.5, self.training)
        low = self.low(outputs[3])
        y = torch.cat([F.interpolate(y, low.shape[2:], mode="bilinear", align_corners=True), low], 1)
        y = F.dropout(self.last(F.dropout(self.first(y), 0.5, self.training)), 0.1, self.training)
        y = F.interpolate(self.classifier(y), size, mode="bilinear", align_corners=True)
        taps = [outputs[i].mean((2, 3)) for i in TAPS]
        taps = [t.detach() for t in taps] if detach else taps
        return y, self.rating(torch.cat([F.relu(l(t)) for l, t in zip(self.taps, taps)], 1))[:, 0]


def load_weights(net, path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    own, loaded = net.state_dict(), 0
    for name, entry in header.items():
        if name in own:
            values = np.frombuffer(data[slice(*entry["data_offsets"])], dtype=np.float32)
            own[name].copy_(torch.from_numpy(values.reshape(entry["shape"]).copy()))
            loaded += 1
    return loaded


def read(data, name, height, width):
    split, base = name.split("/")[-2:]
    image = Image.open(os.path.join(data, "images", split, base + ".jpg")).convert("RGB").resize((width, height), Image.BOX)
    label = Image.open(os.path.join(data, "labels", split, base + ".png")).resize((width, height), Image.NEAREST)
    return np.asarray(image, dtype=np.float32), np.asarray(label).astype(np.int64)


def main():
    parser = argparse.ArgumentParser()
    for option in ("data", "weights", "run"):
        parser.add_argument("--" + option, required=True)
    parser.add_argument("--rating-weight", type=float, default=1)
    parser.add_argument("--no-blur", action="store_true")
    args = parser.parse_args()
    run = json.load(open(args.run))
    config = run["config"]
    training, height, width = config["training"], config["size"]["height"], config["size"]["width"]
    torch.manual_seed(config["seed"])
    random = np.random.RandomState(config["seed"])
    train = [read(args.data, name, height, width) for name in run["rounds"][0]["images"]]
    names = sorted(glob.glob(os.path.join(args.data, "images", "val", "*.jpg")))
    val = [read(args.data, "val/" + os.path.basename(n)[:-4], height, width) for n in names]
    net = Net(11, config["network"]["firstExpansion"])
    with torch.no_grad():
        print("tensors loaded:", load_weights(net, args.weights))
    encoder = list(net.features.parameters())
    ids = {id(p) for p in encoder}
    head = [p for p in net.parameters() if id(p) not in ids]
    lr, epochs = training["learningRate"], training["epochs"]
    groups = [{"params": encoder, "lr": lr}, {"params": head, "lr": lr * training["headLrFactor"]}]
    optimizer = torch.optim.SGD(groups, momentum=training["momentum"], weight_decay=training["weightDecay"])
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [round(training["learningRateDropAt"] * epochs)], 0.1)
    normalize = lambda batch: ((torch.from_numpy(np.stack(batch)) / 255 - MEAN) / STD).permute(0, 3, 1, 2)
    b = training["batchSize"]
    for epoch in range(epochs):
        net.train()
        order = random.permutation(len(train)).tolist()
        order += order[: -len(order) % b]
        losses = []
        for k in range(0, len(order), b):
            images, labels = [], []
            for i in order[k : k + b]:
                x, y = train[i]
                if random.rand() < 0.5:
                    x, y = x[:, ::-1], y[:, ::-1]
                if not args.no_blur and random.rand() < 0.5:
                    sigma = random.rand()
                    x = gaussian_filter(x, (sigma, sigma, 0))
                images.append(np.ascontiguousarray(x))
                labels.append(np.ascontiguousarray(y))
            target = torch.from_numpy(np.stack(labels))
            target[target >= 11] = 255
            logits, ratings = net(normalize(images), epoch >= round(training["ratingDetachAt"] * epochs))
            ce = F.cross_entropy(logits, target, reduction="none", ignore_index=255)
            valid = (target != 255).sum((1, 2))
            each = (ce.sum((1, 2)) / valid).detach()
            sign = torch.where(each[: b // 2] > each.flip(0)[: b // 2], 1.0, -1.0)
            hinge = torch.clamp(1 - sign * (ratings[: b // 2] - ratings.flip(0)[: b // 2]), min=0).mean()
            loss = ce.sum() / valid.sum() + args.rating_weight * hinge
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        schedule.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1} loss {np.mean(losses):.3f}", flush=True)
    net.eval()
    confusion = np.zeros((11, 11))
    with torch.no_grad():
        for x, y in val:
            prediction = net(normalize([x]))[0][0].argmax(0).numpy()
            keep = y < 11
            confusion += np.bincount(11 * y[keep] + prediction[keep], minlength=121).reshape(11, 11)
    hit = np.diag(confusion)
    iou = hit / np.maximum(confusion.sum(0) + confusion.sum(1) - hit, 1)
    print(f"PyTorch mIoU {iou.mean():.4f}   this run {run['rounds'][0]['mIoU']:.4f}")
    print("PyTorch IoU", " ".join(f"{v:.3f}" for v in iou))


main()
