"""What networks of torchvision and timm cost, and whether exported networks compute what they compute.

Reads a JSON list on standard input, one entry a network:
    {"id", "loader": "timm" | "torchvision", "name": the counterpart there, "options": its keyword arguments,
     "sizes": sides of the images to count at, "model": path of the ONNX file of its training form, or null,
     "size": side of the images to compare on}
Every counterpart gets random weights and statistics, which are written into the ONNX file's initializers in execution order.
Prints a JSON list:
    {"id", "params", "macs": of convolutions and linear layers for one image, by size, "difference": max |ours - theirs| /
     max |theirs| over the logits of two images, "spread": max |first image - second image| / max |theirs|}, or {"id", "error"}.
     Without a model there are neither difference nor spread.
"""

import importlib
import json
import math
import sys

import numpy
import onnx
import onnxruntime
import torch
from onnx import numpy_helper
from torch import nn

IMAGES = 2
CALIBRATION_IMAGES = 8

DECLARED = []


def import_torchvision():
    """Beside a torch of another build, torchvision lacks its compiled operators; no network here uses them."""
    try:
        return importlib.import_module("torchvision")
    except RuntimeError:
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        library = torch.library.Library("torchvision", "DEF")
        for operator in ("nms", "qnms"):
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        DECLARED.append(library)
        return importlib.import_module("torchvision")


def load(loader, name, options):
    torchvision = import_torchvision()
    if loader == "torchvision":
        return torchvision.models.get_model(name, weights=None, **options)
    return importlib.import_module("timm").create_model(name, pretrained=False, **options)


def randomise(model, size):
    """No value stays at its usual initial one; statistics are those of random images, so that activations neither grow nor vanish."""
    model.eval()
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.normal_(module.weight, std=math.sqrt(2 / module.weight[0].numel()))
            if module.bias is not None:
                nn.init.uniform_(module.bias, -0.5, 0.5)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.5, 0.5)
            module.momentum = 1.0
            module.train()
    with torch.no_grad():
        model(torch.randn(CALIBRATION_IMAGES, 3, size, size))
    model.eval()


def modules_in_execution_order(model, image):
    """Every module that has parameters of its own, at its first call."""
    called = []

    def record(module, _inputs):
        if module not in called:
            called.append(module)

    owners = [module for module in model.modules() if any(True for _ in module.parameters(recurse=False))]
    hooks = [module.register_forward_pre_hook(record) for module in owners]
    with torch.no_grad():
        model(image)
    for hook in hooks:
        hook.remove()
    silent = [type(module).__name__ for module in owners if module not in called]
    if silent:
        raise RuntimeError(f"these modules were never called: {silent}")
    return called


def tensors_in_execution_order(model, image):
    """Parameters and running statistics of every module."""
    statistics = ("running_mean", "running_var")
    return [
        tensor.detach().numpy()
        for module in modules_in_execution_order(model, image)
        for tensor in [
            *module.parameters(recurse=False),
            *(getattr(module, name) for name in statistics if getattr(module, name, None) is not None),
        ]
    ]


def filled(path, tensors):
    model = onnx.load(path)
    for initializer, tensor in zip(model.graph.initializer, tensors):
        if math.prod(initializer.dims) != tensor.size:
            raise RuntimeError(f"{initializer.name} is {list(initializer.dims)}, and {list(tensor.shape)} is its turn")
        values = numpy.ascontiguousarray(tensor).reshape(tuple(initializer.dims))
        initializer.CopyFrom(numpy_helper.from_array(values, initializer.name))
    left = [one.name for one in model.graph.initializer[len(tensors) :] if one.name.endswith((".weight", ".bias"))]
    if left:
        raise RuntimeError(f"nothing is left for {left}")
    return model.SerializeToString()


def count(model, sizes):
    """Parameters, and multiply-accumulates at each size, seen by hooks on convolutions and linear layers."""
    macs = []

    def record(module, _inputs, output):
        macs[-1] += output.numel() * module.weight[0].numel()

    hooks = [
        module.register_forward_hook(record)
        for module in model.modules()
        if isinstance(module, (nn.Conv2d, nn.Linear))
    ]
    model.eval()
    for size in sizes:
        macs.append(0)
        with torch.no_grad():
            model(torch.zeros(1, 3, size, size))
    for hook in hooks:
        hook.remove()
    return {"params": sum(parameter.numel() for parameter in model.parameters()), "macs": macs}


def compare(model, entry):
    randomise(model, entry["size"])
    images = torch.randn(IMAGES, 3, entry["size"], entry["size"])
    tensors = tensors_in_execution_order(model, images)
    with torch.no_grad():
        theirs = model(images).numpy()
    session = onnxruntime.InferenceSession(filled(entry["model"], tensors), providers=["CPUExecutionProvider"])
    (ours,) = session.run(["logits"], {"input": images.numpy()})
    largest = numpy.abs(theirs).max()
    return {
        "difference": float(numpy.abs(ours - theirs).max() / largest),
        "spread": float(numpy.abs(theirs[0] - theirs[1]).max() / largest),
    }


def report(entry):
    try:
        torch.manual_seed(0)
        model = load(entry["loader"], entry["name"], entry["options"])
        costs = {"id": entry["id"], **count(model, entry["sizes"])}
        return costs if entry["model"] is None else {**costs, **compare(model, entry)}
    except Exception as error:
        return {"id": entry["id"], "error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps([report(entry) for entry in json.load(sys.stdin)]))
