"""Counts a network of torchvision or timm with one of four tools, and times it.

Reads one JSON object from standard input, {"model": name, "library": "torchvision" | "timm", "size": side of the image, "tool": name},
loads the network and counts it once, answers with {"params", "macs"}, and then every further line with {"seconds": of one more count}.
MACs are those of convolutions and dense layers where the tool keeps them apart, else the tool's total.
"""
import copy
import importlib
import json
import logging
import sys
import time
import warnings

import torch

MULTIPLYING = ("conv", "linear", "addmm", "matmul", "bmm")


def fvcore(model, images):
    from fvcore.nn import FlopCountAnalysis
    analysis = FlopCountAnalysis(model, images)
    by_operator = analysis.by_operator()
    return sum(by_operator[name] for name in MULTIPLYING)


def ptflops(model, images):
    from ptflops import get_model_complexity_info
    macs, _ = get_model_complexity_info(model, tuple(images.shape[1:]), as_strings=False, print_per_layer_stat=False, verbose=False)
    return macs


def torchinfo(model, images):
    from torchinfo import summary
    return summary(model, input_data=images, verbose=0).total_mult_adds


def thop(model, images):
    from thop import profile
    macs, _ = profile(model, (images,), verbose=False)
    return macs


TOOLS = {"fvcore": fvcore, "ptflops": ptflops, "torchinfo": torchinfo, "thop": thop}


def load(library, name):
    if library == "timm":
        return importlib.import_module("timm").create_model(name)
    return importlib.import_module("torchvision").models.get_model(name, weights=None)


def main():
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    job = json.loads(sys.stdin.readline())
    model = load(job["library"], job["model"]).eval()
    images = torch.randn(1, 3, job["size"], job["size"])
    count = TOOLS[job["tool"]]

    def timed():
        # Some tools leave their counters in the model.
        fresh = copy.deepcopy(model)
        start = time.perf_counter()
        macs = count(fresh, images)
        return macs, time.perf_counter() - start

    macs, _ = timed()
    params = sum(parameter.numel() for parameter in model.parameters())
    print(json.dumps({"params": params, "macs": int(macs)}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"seconds": timed()[1]}), flush=True)


main()
