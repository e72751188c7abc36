"""Round 1 again in PyTorch, on the very images a run.json names: an independent check of where training lands.

    python3 tests/reference/train_first_round.py --data DIR --weights FILE --run out/run.json [--rating-weight 1] [--no-blur]

DIR is CamVid as images/<split>/*.jpg, labels/<split>/*.png (11 = void). Network, schedule and augmentation as in
src/model; random numbers are PyTorch's own, so only the level of the mIoU can be compared. PyTorch 1.13 or newer.
"""
import argparse
import glob
import json
import os

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from scipy.ndimage import gaussian_filter

from network import Net, load_weights, ranking_loss

MEAN, STD = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])


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
    encoder, head = net.parameter_groups()
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
            loss = ce.sum() / valid.sum() + args.rating_weight * ranking_loss(ratings, each)
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
