"""Networks of timm and torchvision as ONNX files with their batch norms, and what fvcore counts of them.

Reads a JSON list on standard input: {"name": "timm:NAME" or "tv:NAME", "file": path to write, "size": side of the image}.
Prints a line of JSON for each, in order: {"params", "macs": of convolutions and linear layers for one image, "counter"} or {"error"}.
The weights are random: nothing is downloaded.
"""

import contextlib
import io
import json
import logging
import sys
import warnings

import timm
import torch
import torchvision

OPSET = 17
MOST_PARAMETERS = 45_000_000


def load(name):
    library, _, model = name.partition(":")
    torch.manual_seed(0)
    if library == "tv":
        options = {"aux_logits": False, "init_weights": False} if model == "googlenet" else {}
        return torchvision.models.get_model(model, weights=None, **options).eval()
    return timm.create_model(model, pretrained=False, exportable=True).eval()


def count(model, image):
    """Multiply-accumulates of convolutions, linear layers and matrix products: by fvcore where it is installed, else by torch."""
    with torch.no_grad():
        try:
            from fvcore.nn import FlopCountAnalysis
        except ImportError:
            from torch.utils.flop_counter import FlopCounterMode

            counter = FlopCounterMode(display=False)
            with counter:
                model(image)
            return counter.get_total_flops() // 2, "torch.utils.flop_counter"
        counts = FlopCountAnalysis(model, image).unsupported_ops_warnings(False).uncalled_modules_warnings(False).by_operator()
        return int(sum(counts[operator] for operator in ("conv", "linear", "addmm", "matmul", "bmm", "einsum"))), "fvcore"


def export(entry):
    model = load(entry["name"])
    params = sum(parameter.numel() for parameter in model.parameters())
    if params > MOST_PARAMETERS:
        raise RuntimeError(f"more than {MOST_PARAMETERS} parameters")
    image = torch.randn(1, 3, entry["size"], entry["size"])
    macs, counter = count(model, image)
    with contextlib.redirect_stdout(io.StringIO()):
        torch.onnx.export(
            model,
            (image,),
            entry["file"],
            opset_version=OPSET,
            training=torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=False,
            input_names=["input"],
            output_names=["logits"],
            dynamo=False,
        )
    return {"params": params, "macs": macs, "counter": counter}


def attempt(entry):
    try:
        return export(entry)
    except Exception as error:
        first = (str(error).strip().splitlines() or [""])[0]
        return {"error": f"{type(error).__name__}: {first}"[:200]}


warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
torch.set_num_threads(1)
for entry in json.load(sys.stdin):
    print(json.dumps(attempt(entry)), flush=True)
