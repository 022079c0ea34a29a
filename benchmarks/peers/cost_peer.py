"""Counts a network of torchvision or timm with one of four tools, and times it.

Reads JSON from standard input, one object a line: first {"tool": name}, then networks, {"model": name, "library": "torchvision" | "timm",
"size": side of the image}. Every network is answered with {"params", "macs", "seconds": of the count, without loading the network}.
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
    torch.set_num_threads(1)
    count = TOOLS[json.loads(sys.stdin.readline())["tool"]]
    models = {}
    for line in sys.stdin:
        job = json.loads(line)
        name = job["model"]
        if name not in models:
            models[name] = load(job["library"], name).eval()
        images = torch.randn(1, 3, job["size"], job["size"])
        # Some tools leave their counters in the model.
        model = copy.deepcopy(models[name])
        start = time.perf_counter()
        macs = count(model, images)
        seconds = time.perf_counter() - start
        params = sum(parameter.numel() for parameter in models[name].parameters())
        print(json.dumps({"params": params, "macs": int(macs), "seconds": seconds}), flush=True)


main()
