"""Golden numbers of VAAL and TA-VAAL from PyTorch: forward, each loss, each gradient, ten steps, scores, the ranker's loss.

Parameters, images, ratings and noise come from the counter-based hash of src/math/random.ts, so that the test rebuilds them.
Arrays are in the layouts of the device: filters [kh, kw, in, out] (a transposed convolution's [kh, kw, out, in]), weights
[in, out], maps NHWC. Run: python3 tests/golden/make_vaal.py (PyTorch 1.13 or newer).
"""
import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
SIDE, CODE, CHANNELS, BATCH, HIDDEN = 32, 5, (8, 16, 32, 64), 3, 512
BETA, LEARNING_RATE, CLIP, STEPS, AUTOENCODER_STEPS = 1, 5e-4, 5, 10, 2
U = np.uint64


def hash32(value):
    value = np.asarray(value, dtype=U) & U(0xFFFFFFFF)
    state = (value * U(747796405) + U(2891336453)) & U(0xFFFFFFFF)
    word = (((state >> ((state >> U(28)) + U(4))) ^ state) * U(277803737)) & U(0xFFFFFFFF)
    return (word >> U(22)) ^ word


def hash_string(text):
    h = 0x811C9DC5
    for c in text:
        h = ((h ^ ord(c)) * 0x01000193) & 0xFFFFFFFF
    return h


def uniform(name, shape):
    """In [-1, 1), rounded to float32 so that both sides start from the same numbers."""
    key = hash32(np.uint64(hash_string(name)))
    u = hash32(key ^ np.arange(int(np.prod(shape)), dtype=U)).astype(np.float64) / 2147483648.0 - 1
    return torch.from_numpy(u.astype(np.float32).astype(np.float64).reshape(shape))


class Adversary:
    def __init__(self, is_rated):
        self.is_rated, self.nets, self.running = is_rated, {"autoencoder": {}, "discriminator": {}}, {}
        extra, widths, flat = int(is_rated), (3, *CHANNELS), (SIDE // 16) ** 2 * CHANNELS[-1]
        for i in range(4):
            self.block("encoder", i, (4, 4, widths[i], widths[i + 1]), 16 * widths[i], widths[i + 1])
        for name in ("encoder.mu", "encoder.logvar"):
            self.array("autoencoder", f"{name}.weight", (flat, CODE), 1 / math.sqrt(flat))
            self.array("autoencoder", f"{name}.bias", (CODE,), 0.1)
        self.layer("autoencoder", "decoder.project", (CODE + extra, (SIDE // 8) ** 2 * CHANNELS[-1]))
        for i, (inputs, outputs) in enumerate(zip(CHANNELS[:0:-1], CHANNELS[-2::-1])):
            self.block("decoder", i, (4, 4, outputs, inputs), 4 * inputs, outputs)
        self.layer("autoencoder", "decoder.output", (1, 1, CHANNELS[0], 3))
        self.layer("discriminator", "discriminator.layer0", (CODE + extra, HIDDEN))
        self.layer("discriminator", "discriminator.layer1", (HIDDEN, HIDDEN))
        self.layer("discriminator", "discriminator.output", (HIDDEN, 1))
        self.is_training = True
        self.optimizers = {net: torch.optim.Adam(arrays.values(), LEARNING_RATE) for net, arrays in self.nets.items()}

    def array(self, net, name, shape, bound, offset=0.0):
        value = (uniform(name, shape) * bound).float() + offset
        self.nets[net][name] = value.float().double().requires_grad_(True)

    def layer(self, net, name, shape):
        self.array(net, f"{name}.weight", shape, math.sqrt(6 / shape[-2]))
        self.array(net, f"{name}.bias", (shape[-1],), 0.1)

    def block(self, part, i, shape, fan_in, outputs):
        self.array("autoencoder", f"{part}.conv{i}.weight", shape, math.sqrt(6 / fan_in))
        self.array("autoencoder", f"{part}.norm{i}.weight", (outputs,), 0.2, 1.0)
        self.array("autoencoder", f"{part}.norm{i}.bias", (outputs,), 0.1)
        self.running[f"{part}.norm{i}"] = (torch.zeros(outputs), torch.ones(outputs))

    def dense(self, net, name, x):
        return x @ self.nets[net][f"{name}.weight"] + self.nets[net][f"{name}.bias"]

    def norm(self, x, name):
        arrays = self.nets["autoencoder"]
        moments = self.running[name]
        return F.relu(F.batch_norm(x, *moments, arrays[f"{name}.weight"], arrays[f"{name}.bias"], self.is_training, 0.1, 1e-5))

    def encode(self, images):
        x = images.permute(0, 3, 1, 2)
        for i in range(4):
            weight = self.nets["autoencoder"][f"encoder.conv{i}.weight"].permute(3, 2, 0, 1)
            x = self.norm(F.conv2d(x, weight, None, 2, 1), f"encoder.norm{i}")
        flat = x.permute(0, 2, 3, 1).reshape(len(images), -1)
        return self.dense("autoencoder", "encoder.mu", flat), self.dense("autoencoder", "encoder.logvar", flat)

    def decode(self, codes):
        x = self.dense("autoencoder", "decoder.project", codes)
        x = x.reshape(len(codes), SIDE // 8, SIDE // 8, CHANNELS[-1]).permute(0, 3, 1, 2)
        for i in range(3):
            weight = self.nets["autoencoder"][f"decoder.conv{i}.weight"].permute(3, 2, 0, 1)
            x = self.norm(F.conv_transpose2d(x, weight, None, 2, 1), f"decoder.norm{i}")
        weight = self.nets["autoencoder"]["decoder.output.weight"][0, 0]
        return x.permute(0, 2, 3, 1) @ weight + self.nets["autoencoder"]["decoder.output.bias"]

    def discriminate(self, mu, ratings):
        x = torch.cat([mu, ratings], 1) if self.is_rated else mu
        x = F.relu(self.dense("discriminator", "discriminator.layer0", x))
        x = F.relu(self.dense("discriminator", "discriminator.layer1", x))
        return torch.sigmoid(self.dense("discriminator", "discriminator.output", x))

    def losses(self, batches):
        sums = [0, 0, 0]
        for images, ratings, noise in batches:
            mu, logvar = self.encode(images)
            codes = mu + noise * torch.exp(0.5 * logvar)
            codes = torch.cat([codes, torch.sigmoid(ratings)], 1) if self.is_rated else codes
            decoded = self.decode(codes)
            sums[0] = sums[0] + F.mse_loss(decoded, images)
            sums[1] = sums[1] - 0.5 * (1 + logvar - mu ** 2 - logvar.exp()).sum(1).mean()
            answer = self.discriminate(mu, ratings)
            sums[2] = sums[2] + F.binary_cross_entropy(answer, torch.ones_like(answer))
        return sums

    def discriminator_loss(self, batches):
        loss = 0
        for target, (images, ratings, _) in zip((1.0, 0.0), batches):
            with torch.no_grad():
                mu, _ = self.encode(images)
            answer = self.discriminate(mu, ratings)
            loss = loss + F.binary_cross_entropy(answer, torch.full_like(answer, target))
        return loss

    def step(self, net, loss):
        arrays = list(self.nets[net].values())
        for array, gradient in zip(arrays, torch.autograd.grad(loss, arrays)):
            array.grad = gradient
        norm = torch.nn.utils.clip_grad_norm_(arrays, CLIP)
        self.optimizers[net].step()
        return norm.item()


def batches_of(index):
    made = []
    for pool, offset in (("labelled", 0.0), ("unlabelled", 0.5)):
        name = f"{pool}.{index}"
        images = (uniform(f"images.{name}", (BATCH, SIDE, SIDE, 3)) + offset).float().double()
        made.append((images, 3 * uniform(f"ratings.{name}", (BATCH, 1)), 2 * uniform(f"noise.{name}", (BATCH, CODE))))
    return made


def sample(x):
    x = x.detach().flatten()
    return {"norm": x.norm().item(), "some": x[torch.arange(4) * len(x) // 4].tolist()}


def gradients(net, loss):
    arrays = net.items()
    grads = torch.autograd.grad(loss, [a for _, a in arrays], retain_graph=True, allow_unused=True)
    return {name: sample(g) for (name, _), g in zip(arrays, grads) if g is not None}


def case(is_rated):
    golden, batches = {}, batches_of(0)
    adversary = Adversary(is_rated)
    images, ratings, noise = batches[0]
    mu, logvar = adversary.encode(images)
    codes = torch.cat([noise, torch.sigmoid(ratings)], 1) if is_rated else noise
    golden["forward"] = {"mu": mu.flatten().tolist(), "logvar": logvar.flatten().tolist(), "decoded": sample(adversary.decode(codes)),
                         "answer": adversary.discriminate(noise, ratings).flatten().tolist()}
    adversary = Adversary(is_rated)
    losses, wrong = adversary.losses(batches), adversary.discriminator_loss(batches)
    names = ("reconstruction", "divergence", "adversarial")
    golden["losses"] = {name: loss.item() for name, loss in zip(names, losses)}
    golden["losses"]["discriminator"] = wrong.item()
    golden["gradients"] = {name: gradients(adversary.nets["autoencoder"], loss) for name, loss in zip(names, losses)}
    golden["gradients"]["discriminator"] = gradients(adversary.nets["discriminator"], wrong)

    adversary = Adversary(is_rated)
    golden["steps"], golden["norms"] = [], []
    for step in range(STEPS):
        rows = []
        for k in range(AUTOENCODER_STEPS):
            batches = batches_of(AUTOENCODER_STEPS * step + k)
            losses = adversary.losses(batches)
            golden["norms"].append(adversary.step("autoencoder", losses[0] + BETA * losses[1] + losses[2]))
            rows.append([loss.item() for loss in losses])
        wrong = adversary.discriminator_loss(batches)
        golden["norms"].append(adversary.step("discriminator", wrong))
        golden["steps"].append([*np.mean(rows, axis=0).tolist(), wrong.item()])
    adversary.is_training = False
    with torch.no_grad():
        images, ratings, _ = [torch.cat(pair) for pair in zip(*batches_of(99))]
        golden["scores"] = adversary.discriminate(adversary.encode(images)[0], ratings).flatten().tolist()
    golden["parameters"] = {name: sample(a) for net in adversary.nets.values() for name, a in net.items()}
    golden["running"] = {name: [m.norm().item(), v.norm().item()] for name, (m, v) in adversary.running.items()}
    return golden


def ranker():
    cases = []
    for n in (2, 4, 8):
        ratings = (3 * uniform(f"ranker.ratings.{n}", (n,))).requires_grad_(True)
        losses = uniform(f"ranker.losses.{n}", (n,))
        lead, target = [(x - x.flip(0))[: n // 2] for x in (ratings, losses)]
        loss = F.binary_cross_entropy(torch.sigmoid(lead), torch.sign(torch.clamp(target, min=0)))
        loss.backward()
        cases.append({"images": n, "loss": loss.item(), "gradient": ratings.grad.tolist()})
    return cases


golden = {"vaal": case(False), "taVaal": case(True), "ranker": ranker()}
path = os.path.join(os.path.dirname(__file__), "vaal.json")
with open(path, "w") as f:
    json.dump(json.loads(json.dumps(golden), parse_float=lambda x: float(f"{float(x):.8g}")), f)
for name in ("vaal", "taVaal"):
    print(name, golden[name]["losses"], golden[name]["steps"][-1], golden[name]["norms"][:6], golden[name]["scores"])
print(os.path.getsize(path))
