"""Runs a network that the page has saved in PyTorch: its confusion on the validation images is the one the page measured.

    npx tsx scripts/checks/check-network.ts DIR && python3 tests/reference/check_network.py DIR
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

from network import Net, load_weights

folder = Path(sys.argv[1])
facts = json.loads((folder / "facts.json").read_text())
path = folder / "network.safetensors"
with open(path, "rb") as f:
    metadata = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))["__metadata__"]
classes, config, given = (json.loads(metadata[key]) for key in ("classes", "network", "input"))

net = Net(len(classes), config["firstExpansion"], config["channels"])
with torch.no_grad():
    found = load_weights(net, path)
wanted = sum(not name.endswith("num_batches_tracked") for name in net.state_dict())
net.eval()

shape = (facts["images"], given["height"], given["width"], 3)
images = np.array(facts["rgb"], np.float32).reshape(shape) / 255
images = (images - np.array(given["mean"], np.float32)) / np.array(given["deviation"], np.float32)
with torch.no_grad():
    logits, _ = net(torch.from_numpy(images.transpose(0, 3, 1, 2)))
prediction, truth = logits.argmax(1).numpy().ravel(), np.array(facts["truth"]).ravel()
known = truth != 255
confusion = np.bincount(truth[known] * len(classes) + prediction[known], minlength=len(classes) ** 2)
other = np.abs(confusion - np.array(facts["confusion"])).sum() // 2
print(f"{found} of {wanted} arrays; of {known.sum()} pixels {other} differ")
# Two programs round sums differently: a pixel between two classes may tip over.
sys.exit(0 if found == wanted and other <= known.sum() / 1000 else 1)
