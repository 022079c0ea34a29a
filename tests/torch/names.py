"""How torchvision and timm name the parameters of their networks.

Reads a JSON list on standard input, one entry a network: {"id", "loader", "name", "options", "size"} as parity.py takes it.
Prints a JSON list: {"id", "modules": [{"name", "tensors": {name: shape}}]}, in execution order, running statistics included.
"""

import json
import sys

import torch

from parity import load, modules_in_execution_order


def described(name, module):
    tensors = {key: list(value.shape) for key, value in module.named_parameters(recurse=False)}
    statistics = {key: list(value.shape) for key, value in module.named_buffers(recurse=False) if value.dim() > 0}
    return {"name": name, "tensors": {**tensors, **statistics}}


def report(entry):
    model = load(entry["loader"], entry["name"], entry["options"]).eval()
    names = {module: name for name, module in model.named_modules()}
    called = modules_in_execution_order(model, torch.zeros(1, 3, entry["size"], entry["size"]))
    return {"id": entry["id"], "modules": [described(names[module], module) for module in called]}


torch.set_num_threads(1)
print(json.dumps([report(entry) for entry in json.load(sys.stdin)]))
