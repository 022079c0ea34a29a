"""Prints, as its last line and as JSON, what this Python has for the engine: {"python", "torch", "devices"}, or {"missing": what}.

A device is {"state": "works"}, of CUDA with its "gpus", or {"state": "missing", "reason"}: each is tried with a small product.
"""

import json
import platform


def tried(torch, device):
    try:
        product = torch.ones(4, 4, device=device) @ torch.ones(4, 4, device=device)
        return {"state": "works"} if float(product.sum()) == 64 else {"state": "missing", "reason": "it computes wrong values"}
    except Exception as error:
        return {"state": "missing", "reason": f"it does not start: {str(error).strip().splitlines()[0]}"}


def gpu(properties):
    """With the UUID as nvidia-smi writes it; torch tells it from 2.5 on."""
    uuid = getattr(properties, "uuid", None)
    return {"name": properties.name, "uuid": None if uuid is None else f"GPU-{uuid}"}


def cuda(torch):
    if torch.version.cuda is None and torch.version.hip is None:
        return {"state": "missing", "reason": f"torch {torch.__version__} is built without CUDA"}
    if not torch.cuda.is_available():
        return {"state": "missing", "reason": f"torch {torch.__version__} finds no GPU, or no driver that it can use"}
    gpus = [gpu(torch.cuda.get_device_properties(index)) for index in range(torch.cuda.device_count())]
    state = tried(torch, "cuda")
    return {**state, "gpus": gpus} if state["state"] == "works" else state


def mps(torch):
    if not torch.backends.mps.is_available():
        return {"state": "missing", "reason": f"torch {torch.__version__} finds no MPS: it needs an Apple GPU and macOS 13 or later"}
    return tried(torch, "mps")


def describe():
    try:
        import torch
    except ImportError as error:
        return {"missing": str(error)}
    devices = {"cpu": tried(torch, "cpu"), "cuda": cuda(torch), "mps": mps(torch)}
    return {"python": platform.python_version(), "torch": torch.__version__, "devices": devices}


print(json.dumps(describe()))
