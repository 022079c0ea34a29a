"""Two GPUs that are made up: what PyTorch is asked to do on them, the CPU does.

cuda:0 and cuda:1 are as GPUs in the compute mode "exclusive process": while a process computes on one, another that wants to fails. The
folder MADE_UP_GPUS holds a lock for each, and a line for each process that has computed on it.
"""

import fcntl
import os
import time
import types

import torch

NAMES = ["Made Up 0", "Made Up 1"]
# As long as one that is killed may take to end.
PATIENCE_SECONDS = 2

real_device, real_ones = torch.device, torch.ones
held = {}


def take(index):
    file = open(os.path.join(os.environ["MADE_UP_GPUS"], str(index)), "a")
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > until:
                raise RuntimeError(f"CUDA-capable device cuda:{index} is busy") from None
            time.sleep(0.01)
    file.write(f"{os.getpid()}\n")
    file.flush()
    held[index] = file


class Device(type):
    def __instancecheck__(cls, one):
        return isinstance(one, real_device)

    def __call__(cls, name, *rest):
        kind, _, index = str(name).partition(":")
        if kind != "cuda":
            return real_device(name, *rest)
        if index and int(index) not in held:
            take(int(index))
        return real_device("cpu")


class MadeUp(metaclass=Device):
    pass


torch.device = MadeUp
torch.ones = lambda *sizes, device=None, **rest: real_ones(*sizes, device=device and torch.device(device), **rest)
torch.version.cuda = "13.0"
torch.cuda.is_available = lambda: True
torch.cuda.device_count = lambda: len(NAMES)
torch.cuda.get_device_properties = lambda index: types.SimpleNamespace(name=NAMES[index])
