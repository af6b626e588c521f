"""Train the network that corrects outlines: python tools/outline.py SET... --textures DIR --weights isnet.onnx --out outline.onnx

Needs the packages torch and onnx beside those of the studio. A set is a folder with images/NAME.* and masks/NAME.png; its mattes come
from the network in --weights. Textures are pictures for grounds. An hour on one core sees some 100,000 crops; --start continues with
the weights of an earlier run, which are kept beside the result as NAME.pt.
"""
import argparse
import copy
import glob
import os
import sys
import time

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from composites import load
from outline_crops import example, sample
from stillroom.imaging.cutout.matting import matte_of
from stillroom.imaging.cutout.networks import Network, packaged_networks, spec_of
from stillroom.imaging.cutout.photo_masks import cover_of_photo

CHANNELS = (24, 32, 48, 64, 64)
CROPS = 6  # per step
RATE = 1.4e-3


def layer(given, wanted, stride=1):
    return nn.Sequential(nn.Conv2d(given, wanted, 3, stride, 1, bias=False), nn.BatchNorm2d(wanted), nn.ReLU(True))


class Outline(nn.Module):
    """A U-Net at half resolution with a head at full resolution: the logit of the matte plus a correction."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(layer(4, CHANNELS[0], 2), layer(CHANNELS[0], CHANNELS[0]))
        self.d = nn.ModuleList(nn.Sequential(layer(a, b, 2), layer(b, b)) for a, b in zip(CHANNELS[:-1], CHANNELS[1:]))
        self.u = nn.ModuleList(layer(a + b, b) for a, b in zip(CHANNELS[:0:-1], CHANNELS[-2::-1]))
        self.up, self.h1, self.h2 = nn.Conv2d(CHANNELS[0], 32, 1), layer(8 + 4, 12), nn.Conv2d(12, 1, 3, 1, 1)
        nn.init.zeros_(self.h2.weight)
        nn.init.zeros_(self.h2.bias)

    def forward(self, given):
        seen = [self.stem(given - .5)]
        for down in self.d:
            seen.append(down(seen[-1]))
        found = seen.pop()
        for up, skipped in zip(self.u, seen[::-1]):
            found = up(torch.cat([functional.interpolate(found, scale_factor=2., mode="nearest"), skipped], 1))
        fine = torch.cat([functional.pixel_shuffle(self.up(found), 2), given - .5], 1)
        return 4 * given[:, 3:] - 2 + self.h2(self.h1(fine))


def loss(logit, matte, truth):
    """L1, cross entropy and gradients, most of the weight near the outline and where the matte is wrong."""
    cover = torch.sigmoid(logit)
    outline = functional.max_pool2d(truth, 5, 1, 2) + functional.max_pool2d(-truth, 5, 1, 2)
    wrong = functional.max_pool2d(((matte - truth).abs() > .08).float(), 7, 1, 3)
    weight = .1 + wrong + .7 * outline + 4 * truth * (1 - truth)
    each = (cover - truth).abs() + .25 * functional.binary_cross_entropy_with_logits(logit, truth, reduction="none")
    total = (weight * each).sum() / weight.sum()
    for scale in (1, 2):
        a, b = functional.avg_pool2d(cover, scale), functional.avg_pool2d(truth, scale)
        total = total + 2 * sum((a.diff(dim=axis) - b.diff(dim=axis)).abs().mean() for axis in (2, 3))
    return total


def trained(net, examples, grounds, minutes, seed):
    """The running mean of the weights over the training."""
    r, mean, start, step = np.random.default_rng(seed), copy.deepcopy(net), time.time(), 0
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-3)
    while (share := (time.time() - start) / 60 / minutes) < 1:
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 100) * max(.02, np.cos(np.pi / 2 * share) ** 1.3)
        crops = np.stack([sample(r, examples, grounds) for _ in range(CROPS)]).transpose(0, 3, 1, 2)
        planes = torch.from_numpy(np.ascontiguousarray(crops)).float().div(255).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logit = net(planes[:, :4])
        lost = loss(logit.float(), planes[:, 3:4], planes[:, 4:])
        optimiser.zero_grad(set_to_none=True)
        lost.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.)
        optimiser.step()
        step += 1
        keep = min(.998, step / (step + 30))
        for kept, new in zip(mean.state_dict().values(), net.state_dict().values()):
            kept.copy_(kept * keep + new * (1 - keep) if kept.dtype.is_floating_point else new)
        if step % 200 == 0:
            print(f"{step * CROPS} crops, loss {lost.item():.3f}", flush=True)
    return mean.eval()


def main():
    a = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    a.add_argument("sets", nargs="+")
    a.add_argument("--textures", required=True)
    a.add_argument("--weights", required=True)
    a.add_argument("--out", required=True)
    a.add_argument("--start")
    a.add_argument("--minutes", type=float, default=60)
    a.add_argument("--seed", type=int, default=1)
    a = a.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    network = Network(a.weights, next(spec_of(card) for card in packaged_networks() if card.id == "isnet-1024"))
    examples = []
    for _, photo, truth in (one for folder in a.sets for one in load(folder, 1150)):
        photo = np.ascontiguousarray(photo[..., ::-1])
        examples.append(example(photo, truth, cover_of_photo(matte_of(photo, network), photo.shape)))
    files = sorted(glob.glob(os.path.join(a.textures, "*.png")))
    grounds = [cv2.imread(file)[..., ::-1] for file in files] + [one["photo"] for one in examples]
    net = Outline().to(memory_format=torch.channels_last)
    if a.start:
        net.load_state_dict(torch.load(a.start))
    net = trained(net, examples, grounds, a.minutes, a.seed)
    torch.save(net.state_dict(), os.path.splitext(a.out)[0] + ".pt")
    axes = {name: {2: "height", 3: "width"} for name in ("photo_and_matte", "cover")}
    torch.onnx.export(nn.Sequential(net, nn.Sigmoid()).eval(), torch.rand(1, 4, 128, 160), a.out, dynamo=False,
                      input_names=["photo_and_matte"], output_names=["cover"], dynamic_axes=axes, opset_version=17)


if __name__ == "__main__":
    sys.exit(main())
