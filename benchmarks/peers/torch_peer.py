"""A PyTorch peer: builds the network that a graph in JSON describes and times steps on demand.

Reads one JSON object a line from stdin and answers with one a line. First the job:
  {"graph": {"nodes": [{"path", "op", "inputs"}], "output": id}, "input": [C, H, W], "classes": n, "batch": n,
   "mode": "training" | "inference", "threads": n, "layout": "nchw" | "channels-last", "compiled": boolean,
   "fashionMnist": folder}
then any number of {"steps": n} and {"evaluate": batches}, each answered with {"seconds": [per step or batch],
"processorSeconds": [the same, by all threads], "peakBytes": n}: the most
memory that the process has held so far, above what it held before it built the network.

Every batch is the same one, in memory, but with "fashionMnist": then images come from torchvision's data set in that folder through a
DataLoader in this process, padded from 28 to 32 pixels, as tensors, normalised.
"""
import itertools
import json
import re
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader

ACTIVATIONS = {
    "relu": F.relu,
    "relu6": F.relu6,
    "silu": F.silu,
    "gelu": F.gelu,
    "hard-swish": F.hardswish,
    "hard-sigmoid": F.hardsigmoid,
    "sigmoid": torch.sigmoid,
}


def module_for(op, channels):
    """The layer of an operation with parameters; None for the others."""
    kind = op["kind"]
    if kind == "conv2d":
        return nn.Conv2d(channels, op["outChannels"], op["kernel"], op["stride"], op["padding"], op["dilation"],
                         op["groups"], op["bias"])
    if kind == "dense":
        return nn.Linear(channels, op["outFeatures"], op["bias"])
    if kind == "batchNorm":
        return nn.BatchNorm2d(channels, op["epsilon"])
    return None


def apply(op, layer, inputs):
    kind = op["kind"]
    x = inputs[0]
    if layer is not None:
        return layer(x)
    if kind == "activation":
        return ACTIVATIONS[op["function"]](x)
    if kind == "add":
        total = inputs[0] + inputs[1]
        for other in inputs[2:]:
            total = total + other
        return total
    if kind == "mul":
        return x * inputs[1]
    if kind == "concat":
        return torch.cat(inputs, 1)
    if kind == "slice":
        return x[:, op["start"]:op["end"]]
    if kind == "permuteChannels":
        n, c, h, w = x.shape
        return x.view(n, op["groups"], c // op["groups"], h, w).transpose(1, 2).reshape(n, c, h, w)
    if kind == "globalAvgPool":
        return F.adaptive_avg_pool2d(x, 1)
    if kind == "avgPool":
        return F.avg_pool2d(x, op["kernel"], op["stride"], op["padding"])
    if kind == "maxPool":
        return F.max_pool2d(x, op["kernel"], op["stride"], op["padding"])
    if kind == "flatten":
        return x.flatten(1)
    raise ValueError(f"The PyTorch peer has no rule for {kind}.")


class Network(nn.Module):
    def __init__(self, nodes, output):
        super().__init__()
        self.nodes, self.output = nodes, output
        channels = [node["shape"][0] for node in nodes]
        self.layers = nn.ModuleDict()
        for i, node in enumerate(nodes):
            layer = module_for(node["op"], channels[node["inputs"][0]] if node["inputs"] else 0)
            if layer is not None:
                self.layers[str(i)] = layer
        last_use = {}
        for i, node in enumerate(nodes):
            for j in node["inputs"]:
                last_use[j] = i
        plan = []
        for i, node in enumerate(nodes):
            dead = [j for j in set(node["inputs"]) if last_use[j] == i]
            layer = self.layers[str(i)] if str(i) in self.layers else None
            plan.append((i, node["op"], layer, node["inputs"], dead))
        self.plan = plan[1:]

    def forward(self, x):
        values = {0: x}
        for i, op, layer, inputs, dead in self.plan:
            values[i] = apply(op, layer, [values[j] for j in inputs])
            for j in dead:
                del values[j]
        return values[self.output]


def memory(field):
    """A field of Linux's account of this process, in bytes."""
    with open("/proc/self/status") as status:
        return int(re.search(rf"{field}:\s+(\d+) kB", status.read()).group(1)) * 1024


def fashion_mnist(folder, batch, train):
    """Batches of images and labels without end."""
    from torchvision import datasets, transforms
    transform = transforms.Compose([transforms.Pad(2), transforms.ToTensor(), transforms.Normalize(0.286, 0.353)])
    images = datasets.FashionMNIST(folder, train=train, transform=transform)
    loader = DataLoader(images, batch, shuffle=train, drop_last=True)
    while True:
        yield from loader


def main():
    idle = memory("VmRSS")
    job = json.loads(sys.stdin.readline())
    torch.set_num_threads(job["threads"])
    torch.manual_seed(0)
    network = Network(job["graph"]["nodes"], job["graph"]["output"])
    memory_format = torch.channels_last if job["layout"] == "channels-last" else torch.contiguous_format
    network = network.to(memory_format=memory_format)
    if "fashionMnist" in job:
        train_batches, test_batches = (fashion_mnist(job["fashionMnist"], job["batch"], train) for train in (True, False))
    else:
        images = torch.randn(job["batch"], *job["input"]).to(memory_format=memory_format)
        labels = torch.randint(0, job["classes"], (job["batch"],))
        train_batches = test_batches = itertools.repeat((images, labels))
    if job.get("compiled"):
        network = torch.compile(network)
    optimizer = torch.optim.SGD(network.parameters(), 0.05, momentum=0.9, nesterov=True, weight_decay=1e-4)

    def train():
        images, labels = next(train_batches)
        optimizer.zero_grad()
        loss = F.cross_entropy(network(images.to(memory_format=memory_format)), labels)
        loss.backward()
        optimizer.step()

    def infer():
        images, _ = next(test_batches)
        with torch.inference_mode():
            network(images.to(memory_format=memory_format))

    step = train if job["mode"] == "training" else infer
    for line in sys.stdin:
        request = json.loads(line)
        evaluating = "evaluate" in request
        network.train(not evaluating and job["mode"] == "training")
        work = infer if evaluating else step
        seconds, processor_seconds = [], []
        for _ in range(request["evaluate"] if evaluating else request["steps"]):
            start, used = time.perf_counter(), time.process_time()
            work()
            seconds.append(time.perf_counter() - start)
            processor_seconds.append(time.process_time() - used)
        print(json.dumps({
            "seconds": seconds,
            "processorSeconds": processor_seconds,
            "peakBytes": memory("VmHWM") - idle,
        }), flush=True)


if __name__ == "__main__":
    main()
