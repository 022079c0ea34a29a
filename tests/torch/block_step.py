"""What PyTorch blocks compute, and one training step of each, so that ours can be compared.

Reads a JSON list on standard input: {"source", "arguments", "place": as for export_block.py, "images": base64 of float32, "batch",
"head": base64 of the weights of a linear layer on the mean over the pixels, "labels"}. Its argument is the path of export_block.py.
Prints a JSON list: {"input", "output": of one image in evaluation, "parameters": how many, "names": of the parameters,
"gradients": of the loss by name}.
"""

import base64
import importlib.util
import json
import sys

import numpy
import torch

spec = importlib.util.spec_from_file_location("export_block", sys.argv[1])
exporter = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exporter)


def floats(text, *shape):
    return torch.from_numpy(numpy.frombuffer(base64.b64decode(text), dtype="<f4").copy()).reshape(*shape)


def step(task):
    place = task["place"]
    module, image, output = exporter.prepared(exporter.load(task["source"]), place, task["arguments"])
    exporter.write(module, place)
    module.train()
    features = module(floats(task["images"], task["batch"], *place["input"])).mean((2, 3))
    logits = features @ floats(task["head"], -1, features.shape[1]).T
    torch.nn.functional.cross_entropy(logits, torch.tensor(task["labels"])).backward()
    return {
        "input": exporter.encoded(image),
        "output": exporter.encoded(output),
        "parameters": sum(parameter.numel() for parameter in module.parameters()),
        "names": [name for name, _ in module.named_parameters()],
        "gradients": {name: exporter.encoded(parameter.grad) for name, parameter in module.named_parameters()},
    }


torch.set_num_threads(1)
print(json.dumps([step(task) for task in json.load(sys.stdin)]))
