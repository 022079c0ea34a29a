"""Whether torchvision and timm take exported weights, and compute with them what the exported network computes.

Reads a JSON list on standard input, one entry a network: {"id", "loader", "name", "options", "size"} as parity.py takes it, and
"theirs": a safetensors file of the library. Where that is missing, it is written, of random weights, and null is printed; else
"ours" and "weights" are an ONNX file and a safetensors file that were made of it, and the largest difference of their logits on two images
from the library's own is printed, as a share of the largest logit; the weights must be taken strictly.
Prints a JSON list.
"""

import json
import os
import sys
from collections import OrderedDict

import numpy
import onnxruntime
import torch
from safetensors.torch import load_file, save_file

from parity import load, randomise


def load_strictly(model, tensors):
    """A file of tensors has no versions of modules, without which torchvision's MNASNet loads nothing."""
    state = OrderedDict(tensors)
    state._metadata = model.state_dict()._metadata
    model.load_state_dict(state, strict=True)


def report(entry):
    torch.manual_seed(0)
    model = load(entry["loader"], entry["name"], entry["options"])
    if not os.path.exists(entry["theirs"]):
        randomise(model, entry["size"])
        save_file(model.state_dict(), entry["theirs"])
        return None
    model.eval()
    images = torch.randn(2, 3, entry["size"], entry["size"])
    logits = []
    for file in ("theirs", "weights"):
        load_strictly(model, load_file(entry[file]))
        with torch.no_grad():
            logits.append(model(images).numpy())
    session = onnxruntime.InferenceSession(entry["ours"], providers=["CPUExecutionProvider"])
    (ours,) = session.run(["logits"], {"input": images.numpy()})
    theirs, back = logits
    if not numpy.array_equal(theirs, back):
        raise RuntimeError(f"{entry['id']}: the weights came back as others")
    return float(numpy.abs(ours - theirs).max() / numpy.abs(theirs).max())


torch.set_num_threads(1)
print(json.dumps([report(entry) for entry in json.load(sys.stdin)]))
