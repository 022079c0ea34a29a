"""What every operation of a graph computes: one rule each, from its attributes and parameters to a function of its inputs.

Maps are images x channels x height x width. Attributes and parameters are those of harness/graph/operations/ops.ts.
"""

import math

import torch
from torch.nn import functional as F

# Share of the batch's statistic in the running one; the running variance takes the unbiased variance.
STATISTICS_MOMENTUM = 0.1

ACTIVATIONS = {
    "relu": F.relu,
    "relu6": F.relu6,
    "silu": F.silu,
    "gelu": F.gelu,
    "hard-swish": F.hardswish,
    "hard-sigmoid": F.hardsigmoid,
    "sigmoid": torch.sigmoid,
}


def conv2d(op, parameters, training):
    weight, bias = parameters["weight"], parameters.get("bias")
    stride, padding, dilation, groups = op["stride"], op["padding"], op["dilation"], op["groups"]
    if training and corrupts_memory(weight, stride, padding):
        down, right = stride
        return lambda x: F.conv2d(x[:, :, ::down, ::right], weight, bias, 1, 0, 1, groups)
    return lambda x: F.conv2d(x, weight, bias, stride, padding, dilation, groups)


def corrupts_memory(weight, stride, padding):
    """
    Whether oneDNN, which computes convolutions on a CPU, writes past its memory where it finds the gradient of this kernel: pointwise, with a
    stride, for fewer channels than a vector register holds, of which there are 16 at the most (github.com/uxlfoundation/oneDNN/issues/6035).
    """
    _, channels, *kernel = weight.shape
    return weight.device.type == "cpu" and kernel == [1, 1] and max(stride) > 1 and max(padding) == 0 and channels < 16


def channel_conv(op, parameters, training):
    """The channels are the depth of a volume of one map; the maps of the filters are stacked filter by filter."""
    weight = parameters["weight"]
    stride = (op["channelStride"], 1, 1)
    around = (0, 0, 0, 0, *op["channelPadding"])

    def convolve(x):
        volume = F.pad(x, around).contiguous().unsqueeze(1)
        return F.conv3d(volume, weight, None, stride).flatten(1, 2)

    return convolve


def dense(op, parameters, training):
    weight, bias = parameters["weight"], parameters.get("bias")
    return lambda x: F.linear(x, weight, bias)


def batch_norm(op, parameters, training):
    weight, bias = parameters["weight"], parameters["bias"]
    mean, variance = parameters["running_mean"], parameters["running_var"]
    epsilon = op["epsilon"]
    return lambda x: torch.batch_norm(x, weight, bias, mean, variance, training, STATISTICS_MOMENTUM, epsilon, True)


def scale(op, parameters, training):
    factor = parameters["weight"].view(-1, 1, 1)
    if not op["bias"]:
        return lambda x: x * factor
    offset = parameters["bias"].view(-1, 1, 1)
    return lambda x: torch.addcmul(offset, x, factor)


def scale_groups(op, parameters, training):
    groups, factor = op["groups"], parameters["weight"].view(-1, 1, 1, 1)
    if not op["bias"]:
        return lambda x: (x.unflatten(1, (groups, -1)) * factor).flatten(1, 2)
    offset = parameters["bias"].view(-1, 1, 1, 1)
    return lambda x: torch.addcmul(offset, x.unflatten(1, (groups, -1)), factor).flatten(1, 2)


def layer_norm(op, parameters, training):
    """Over the channels of every pixel: they are the last axis of maps with channels last."""
    weight, bias, epsilon = parameters["weight"], parameters["bias"], op["epsilon"]
    return lambda x: F.layer_norm(x.permute(0, 2, 3, 1), weight.shape, weight, bias, epsilon).permute(0, 3, 1, 2)


def group_norm(op, parameters, training):
    weight, bias, groups, epsilon = parameters["weight"], parameters["bias"], op["groups"], op["epsilon"]
    return lambda x: F.group_norm(x, groups, weight, bias, epsilon)


def l2_norm(op, parameters, training):
    axes, epsilon = (1 if op["over"] == "channels" else (2, 3)), op["epsilon"]
    return lambda x: x / torch.linalg.vector_norm(x, dim=axes, keepdim=True).clamp_min(epsilon)


def add_positions(op, parameters, training):
    weight, bias, count = parameters["weight"], parameters["bias"], op["codes"]

    def codes(size, device):
        """Of the pixels along an axis: [codes, size]."""
        position = torch.arange(1, size + 1, device=device, dtype=torch.float32) * (2 * math.pi / (size + 1e-6))
        code = torch.arange(count, device=device)
        frequency = op["temperature"] ** (-(code - code % 2) / count)
        angle = frequency[:, None] * position
        return torch.where(code[:, None] % 2 == 0, angle.sin(), angle.cos())

    def add_codes(x):
        height, width = x.shape[2:]
        rows = codes(height, x.device)[:, :, None].expand(-1, -1, width)
        columns = codes(width, x.device)[:, None, :].expand(-1, height, -1)
        return x + F.conv2d(torch.cat((rows, columns))[None].to(weight.dtype), weight, bias)

    return add_codes


def leaky_relu(op, parameters, training):
    slope = op["slope"]
    return lambda x: F.leaky_relu(x, slope)


def prelu(op, parameters, training):
    slopes = parameters["weight"]
    return lambda x: F.prelu(x, slopes)


def times(op, parameters, training):
    factor = op["factor"]
    return lambda x: x * factor


def activation(op, parameters, training):
    return ACTIVATIONS[op["function"]]


def add(op, parameters, training):
    def total(first, *others):
        for other in others:
            first = first + other
        return first

    return total


def multiply(op, parameters, training):
    return lambda x, factor: x * factor


def concatenate(op, parameters, training):
    return lambda *inputs: torch.cat(inputs, 1)


def slice_channels(op, parameters, training):
    start, end = op["start"], op["end"]
    return lambda x: x[:, start:end]


def permute_channels(op, parameters, training):
    """Channels last, as the other operations have them: the shuffle is then one copy, and stays in that order."""
    groups = op["groups"]

    def shuffle(x):
        count, channels, height, width = x.shape
        pixels = x.permute(0, 2, 3, 1).reshape(count, height, width, groups, channels // groups)
        return pixels.transpose(3, 4).reshape(count, height, width, channels).permute(0, 3, 1, 2)

    return shuffle


def global_average(op, parameters, training):
    return lambda x: x.mean((2, 3), keepdim=True)


def pooled(pool, outside):
    """PyTorch pads by half of a window at most; more of `outside` is added beforehand."""

    def rule(op, parameters, training):
        kernel, stride, padding = op["kernel"], op["stride"], op["padding"]
        if all(2 * pad <= size for pad, size in zip(padding, kernel)):
            return lambda x: pool(x, kernel, stride, padding)
        around = (padding[1], padding[1], padding[0], padding[0])
        return lambda x: pool(F.pad(x, around, value=outside), kernel, stride)

    return rule


FILLS = {"zero": "constant", "edge": "replicate"}


def pad(op, parameters, training):
    (top, left, bottom, right), mode = op["padding"], FILLS[op["fill"]]
    return lambda x: F.pad(x, (left, right, top, bottom), mode)


def resize(op, parameters, training):
    """The nearest pixels, by whole numbers: those of F.interpolate are rounded in float32."""

    def nearest(size, new_size, device):
        return torch.arange(new_size, device=device) * size // new_size

    def resized(x):
        for axis, size in zip((2, 3), op["size"]):
            x = x.index_select(axis, nearest(x.shape[axis], size, x.device))
        return x

    return resized


def mat_mul(op, parameters, training):
    """On matrices of channels x pixels, one for each image and group."""
    product, groups = PRODUCTS[op["product"]], op["groups"]
    groups_of_y = 1 if op["shared"] else groups

    def matrices(x, count):
        return x.flatten(2).unflatten(1, (count, x.shape[1] // count))

    def multiply(x, y):
        result = product(matrices(x, groups), matrices(y, groups_of_y)).flatten(1, 2)
        return result.unflatten(2, x.shape[2:]) if op["product"] != "channel-scores" else result.unsqueeze(3)

    return multiply


PRODUCTS = {
    "pixel-scores": lambda x, y: y.mT @ x,
    "weighted-pixels": lambda x, y: y @ x,
    "channel-scores": lambda x, y: x @ y.mT,
}


def linear_attention(op, parameters, training):
    """On matrices of channels x pixels, one for each image and head."""
    heads, epsilon = op["heads"], op["epsilon"]

    def matrices(x):
        return x.flatten(2).unflatten(1, (heads, x.shape[1] // heads))

    def attend(query, key, value):
        q, k, v = matrices(query), matrices(key), matrices(value)
        result = (v @ k.mT @ q) / (k.sum(3, keepdim=True).mT @ q + epsilon)
        return result.flatten(1, 2).unflatten(2, query.shape[2:])

    return attend


def softmax(op, parameters, training):
    groups = op["groups"]
    return lambda x: x.unflatten(1, (groups, x.shape[1] // groups)).softmax(2).flatten(1, 2)


def pixel_softmax(op, parameters, training):
    return lambda x: x.flatten(2).softmax(2).unflatten(2, x.shape[2:])


def space_to_depth(op, parameters, training):
    """The pixel of a block outermost; PyTorch's pixel_unshuffle has it innermost."""
    size = op["size"]

    def gather(x):
        count, channels, height, width = x.shape
        pixels = x.reshape(count, channels, height // size, size, width // size, size).permute(0, 3, 5, 1, 2, 4)
        return pixels.reshape(count, size * size * channels, height // size, width // size)

    return gather


def depth_to_space(op, parameters, training):
    size = op["size"]

    def spread(x):
        count, channels, height, width = x.shape
        places = x.reshape(count, size, size, channels // size**2, height, width).permute(0, 3, 4, 1, 5, 2)
        return places.reshape(count, channels // size**2, height * size, width * size)

    return spread


RULES = {
    "conv2d": conv2d,
    "channelConv": channel_conv,
    "dense": dense,
    "batchNorm": batch_norm,
    "scale": scale,
    "scaleGroups": scale_groups,
    "layerNorm": layer_norm,
    "groupNorm": group_norm,
    "l2Norm": l2_norm,
    "addPositions": add_positions,
    "activation": activation,
    "leakyRelu": leaky_relu,
    "prelu": prelu,
    "times": times,
    "add": add,
    "mul": multiply,
    "concat": concatenate,
    "slice": slice_channels,
    "permuteChannels": permute_channels,
    "globalAvgPool": global_average,
    "avgPool": pooled(F.avg_pool2d, 0.0),
    "maxPool": pooled(F.max_pool2d, float("-inf")),
    "pad": pad,
    "resize": resize,
    "matMul": mat_mul,
    "linearAttention": linear_attention,
    "softmax": softmax,
    "pixelSoftmax": pixel_softmax,
    "spaceToDepth": space_to_depth,
    "depthToSpace": depth_to_space,
    "flatten": lambda op, parameters, training: lambda x: x.flatten(1),
}
