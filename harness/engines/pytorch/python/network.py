"""A graph as a function of images. Every operation is bound to its parameters once, and maps are freed after their last use."""

import torch

from operations import RULES


def on_device(values, shape, device):
    """A copy of flat values as a parameter; kernels of maps have the channels last, in which PyTorch convolves fastest."""
    tensor = values.view(shape)
    layout = torch.channels_last if len(shape) == 4 else torch.contiguous_format
    return tensor.to(device=device, memory_format=layout, copy=True)


class Network:
    """`parameters` are tensors by path. The input has no rule: it is the images."""

    def __init__(self, graph, parameters, training):
        self.output = graph["output"]
        nodes = graph["nodes"]
        last_use = {source: i for i, node in enumerate(nodes) for source in node["inputs"]}
        by_node = {}
        for path, tensor in parameters.items():
            where, name = path.rsplit(".", 1)
            by_node.setdefault(where, {})[name] = tensor
        self.input, self.steps = None, []
        for i, node in enumerate(nodes):
            op, inputs = node["op"], node["inputs"]
            if op["kind"] == "input":
                self.input = i
                continue
            function = RULES[op["kind"]](op, by_node.get(node["path"], {}), training)
            unused = [source for source in set(inputs) if last_use[source] == i and source != self.output]
            self.steps.append((i, function, inputs, unused))

    def __call__(self, images):
        values = {self.input: images}
        for i, function, inputs, unused in self.steps:
            values[i] = function(*[values[source] for source in inputs])
            for source in unused:
                del values[source]
        return values[self.output]
