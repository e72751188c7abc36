"""The training step of the `light` net in PyTorch, timed by the benchmarks: one line of JSON in, one out.

    python3 scripts/bench/peers/train_step.py WORKLOAD THREADS

WORKLOAD is a safetensors file: the net's weights, `batch.images` [4, H, W, 3] and `batch.labels` [4, H, W] of the timed step, and
`proof.images`, `proof.labels`, smaller, for two steps without dropout. Requests: "proof" gives the
first loss and a thousand times its change by a step, "step" the
milliseconds of one step. PyTorch 1.13 or newer.
"""
import json
import os
import sys
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "tests", "reference"))
from network import Net, load_weights, ranking_loss, read_safetensors  # noqa: E402

LEARNING_RATE, PROOF_RATE, HEAD_FACTOR, MOMENTUM, WEIGHT_DECAY = 1e-3, 1e-7, 10, 0.9, 5e-4


class Trainer:
    def __init__(self, path, arrays, name, rate, dropout):
        self.net = Net(11, False, dropout=dropout)
        with torch.no_grad():
            loaded = load_weights(self.net, path)
        trainable = len(list(self.net.parameters()))
        if loaded != trainable:
            raise SystemExit(f"{path} has {loaded} of the net's {trainable} arrays.")
        encoder, head = self.net.parameter_groups()
        groups = [{"params": encoder, "lr": rate}, {"params": head, "lr": rate * HEAD_FACTOR}]
        self.optimizer = torch.optim.SGD(groups, lr=rate, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
        self.images = torch.from_numpy(arrays[name + ".images"]).permute(0, 3, 1, 2).contiguous()
        self.labels = torch.from_numpy(arrays[name + ".labels"]).long()

    def step(self):
        logits, ratings = self.net(self.images)
        losses = F.cross_entropy(logits, self.labels, reduction="none", ignore_index=255).sum((1, 2))
        valid = (self.labels != 255).sum((1, 2))
        loss = losses.sum() / valid.sum() + ranking_loss(ratings, (losses / valid).detach())
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss.item()


def main():
    path, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    arrays = read_safetensors(path)
    trainer = Trainer(path, arrays, "batch", LEARNING_RATE, True)
    print(json.dumps(f"PyTorch {torch.__version__}, {threads} threads"), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if request == "proof":
            proof = Trainer(path, arrays, "proof", PROOF_RATE, False)
            first, second = proof.step(), proof.step()
            answer = [first, 1000 * (second - first)]
        else:
            start = time.perf_counter()
            trainer.step()
            answer = 1000 * (time.perf_counter() - start)
        print(json.dumps(answer), flush=True)


main()
