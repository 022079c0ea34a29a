"""Exports a PyTorch module once for each place at which it shall stand. Needs nothing but torch.

Reads on standard input, as JSON:
    {"source": "file.py:Name" or "package.module:Name", "arguments": keyword arguments of the constructor,
     "places": [{"input": [channels, height, width], "outChannels", "stride", "arguments": more of them at this place,
     "file": path of the ONNX file to write}]}
Prints as its last line, as JSON:
    {"torch": version, "samples": [{"input": base64 of float32, "output": base64 of float32, "parameters": how many,
    "buffers": names of those that are no statistics}]}, one sample a place, or
    {"error": what is wrong, "remedy": what to do}.
"""

import base64
import contextlib
import copy
import importlib
import importlib.util
import inspect
import io
import itertools
import json
import os
import sys
import warnings

try:
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode
except ImportError as error:
    print(json.dumps({
        "error": f"{sys.executable} has no torch ({error}).",
        "remedy": "Install torch there, or set LIGHTBENCH_PYTHON to a Python that has it.",
    }))
    sys.exit(0)

# What authors call the three things that a place decides.
NAMES = {
    "in": ("in_channels", "in_chs", "in_ch", "in_planes", "inplanes", "in_dim", "in_features", "inp", "c1", "dim", "channels", "chs", "planes"),
    "out": ("out_channels", "out_chs", "out_ch", "out_planes", "outplanes", "out_dim", "out_features", "oup", "planes", "c2"),
    "stride": ("stride", "strides", "s"),
}

OPSET = 17

# Buffers of batch norms.
STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


class Mistake(Exception):
    def __init__(self, message, remedy):
        super().__init__(message)
        self.remedy = remedy


# What picks as many elements as it has trues.
MASKS = (torch.bool, torch.uint8)


class Watch(TorchDispatchMode):
    """
    Refuses what makes the path through a module depend on chance or on the values that it reads, and notes the operations on the way,
    batch norms without their mode.
    """

    def __init__(self, training):
        super().__init__()
        self.training = training
        self.operations = []

    def __torch_dispatch__(self, function, types, arguments=(), keywords=None):
        keywords = keywords or {}
        idle = "dropout" in function.name() and len(arguments) > 1 and arguments[1] == 0
        if torch.Tag.nondeterministic_seeded in function.tags and not idle:
            raise Mistake(
                f"it draws random numbers ({function.name()}) in training.",
                "Set its dropout, drop path or the like to 0: --with drop_path_rate=0.",
            )
        picked = arguments[1] if function is torch.ops.aten.index.Tensor else None
        by_place = picked is not None and all(index is None or index.dtype not in MASKS for index in picked)
        if torch.Tag.data_dependent_output in function.tags or (
            torch.Tag.dynamic_output_shape in function.tags and not by_place
        ):
            raise Mistake(
                f"its path depends on the values that it reads ({function.name()}).",
                "A block must compute the same operations for every image.",
            )
        result = function(*arguments, **keywords)
        if "batch_norm" in function.name():
            given = dict(zip((argument.name for argument in function._schema.arguments), arguments))
            if self.training and given.get("running_mean") is not None and not given.get("training", True):
                raise Mistake(
                    "a batch norm of it uses its running statistics in training.",
                    "Let it use those of the batch, as lightbench trains batch norms: do not set it to eval().",
                )
            self.operations.append("batch_norm")
        elif not idle and not (isinstance(result, torch.Tensor) and not result.is_floating_point()):
            self.operations.append(f"{function.name()} {described([arguments, keywords])}")
        return result


def described(value):
    """Numbers and choices; tensors without what is in them."""
    if isinstance(value, torch.Tensor):
        return "tensor"
    if isinstance(value, (list, tuple)):
        return [described(one) for one in value]
    return {key: described(one) for key, one in value.items()} if isinstance(value, dict) else value


class InFloat64(TorchDispatchMode):
    """Conversions to another precision keep float64."""

    def __torch_dispatch__(self, function, types, arguments=(), keywords=None):
        keywords = dict(keywords or {})
        dtype = keywords.get("dtype")
        if dtype is not None and dtype.is_floating_point:
            keywords["dtype"] = torch.float64
        return function(*arguments, **keywords)


def load(source):
    where, _, name = source.rpartition(":")
    if not where or not name:
        raise Mistake(f"{source} names no class.", "Write file.py:Class, or package.module:Class.")
    try:
        if where.endswith(".py"):
            if not os.path.isfile(where):
                raise Mistake(f"There is no file {where}.", "Name the Python file, then a colon and the class.")
            sys.path.insert(0, os.path.dirname(os.path.abspath(where)))
            spec = importlib.util.spec_from_file_location(os.path.basename(where)[:-3], where)
            module = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = module
            spec.loader.exec_module(module)
        else:
            sys.path.insert(0, os.getcwd())
            module = importlib.import_module(where)
    except Mistake:
        raise
    except Exception as error:
        raise Mistake(f"{where} cannot be loaded: {type(error).__name__}: {error}.", "Mend the file, or install what it needs.")
    if not hasattr(module, name):
        raise Mistake(f"{where} has no {name}.", "Name a class, or a function that returns a module.")
    return getattr(module, name)


def construct(make, place, arguments):
    """The module for a place: parameters are found by their names, or else by their order: in, out, stride."""
    parameters = inspect.signature(make).parameters
    values = {"in": place["input"][0], "out": place["outChannels"], "stride": place["stride"]}
    given = dict(arguments)
    for role, names in NAMES.items():
        name = next((name for name in names if name in parameters and name not in given), None)
        if name is not None:
            given[name] = values[role]
        elif role == "in" and not any(name in given for name in names):
            raise Mistake(
                f"it has no parameter for the channels; it has {', '.join(parameters) or 'none'}.",
                "Write a function make(in_channels, out_channels, stride) that returns the module, and name it instead.",
            )
        elif role == "stride" and values["stride"] != 1:
            raise Mistake("it has no parameter stride.", "Write a function make(in_channels, out_channels, stride).")
    try:
        module = make(**given)
    except Mistake:
        raise
    except Exception as error:
        text = ", ".join(f"{name}={value!r}" for name, value in given.items())
        raise Mistake(
            f"it cannot be made with {text}: {type(error).__name__}: {error}.",
            "Give what is missing: --with name=value. Or write a function make(in_channels, out_channels, stride).",
        )
    if not isinstance(module, torch.nn.Module):
        raise Mistake(f"it returns {type(module).__name__}, not a torch.nn.Module.", "Name a module.")
    return module.float()


def run(module, images, place):
    try:
        output = module(images)
    except Mistake:
        raise
    except Exception as error:
        raise Mistake(f"it fails on {'x'.join(map(str, images.shape))}: {type(error).__name__}: {error}.", "Mend the module.")
    channels, height, width = place["input"]
    stride = place["stride"]
    expected = [len(images), place["outChannels"], -(-height // stride), -(-width // stride)]
    if not isinstance(output, torch.Tensor):
        raise Mistake(f"it returns {type(output).__name__}, not one tensor.", "Return one map.")
    if list(output.shape) != expected:
        raise Mistake(
            f"it returns {'x'.join(map(str, output.shape))}; expected {'x'.join(map(str, expected))}.",
            "A block gives the channels that it is asked for, and keeps the size of the map but for its stride.",
        )
    return output


def prepared(make, place, arguments):
    """The module for a place, its statistics those of random images; images; what it makes of the first in evaluation."""
    torch.manual_seed(0)
    module = construct(make, place, arguments)
    images = torch.randn(4, *place["input"])
    with torch.no_grad():
        module.train()
        trained = copy.deepcopy(module)
        with Watch(training=True) as training:
            run(trained, images, place)
        for _ in range(3):
            run(module, torch.randn(4, *place["input"]), place)
        module.eval()
        with Watch(training=False) as evaluation:
            output = run(module, images, place)
    require_same_operations(training.operations, evaluation.operations)
    require_gradients(module, images[:2])
    return module, images[:1], output[:1]


def require_same_operations(training, evaluation):
    if training == evaluation:
        return
    pairs = itertools.zip_longest(training, evaluation, fillvalue="nothing more")
    ours, theirs = next((one.split(" ")[0], other.split(" ")[0]) for one, other in pairs if one != other)
    difference = f"{ours} with other settings" if ours == theirs else f"{ours} where that computes {theirs}"
    raise Mistake(
        f"it computes another function in training than in evaluation ({difference}).",
        "Let it compute the same in both: only batch norms and dropout may tell them apart.",
    )


# Of a derivative by differences from the one by autograd, over the gradient; and of what rounding leaves where the gradient is 0.
DIFFERENCE = 1e-2
ROUNDING = 1e-7
STEP = 1e-7


def require_gradients(module, images):
    """What trains a module must be the derivative of what it computes: nothing detached, nothing frozen."""
    frozen = [name for name, parameter in module.named_parameters() if not parameter.requires_grad]
    if frozen:
        raise Mistake(
            f"its parameter {frozen[0]} is frozen (requires_grad=False).",
            "Let it be trained: lightbench trains every parameter.",
        )
    kind = torch.get_default_dtype()
    try:
        torch.set_default_dtype(torch.float64)
        with InFloat64():
            compare_gradients(copy.deepcopy(module).double().train(), images.double().requires_grad_())
    finally:
        torch.set_default_dtype(kind)


def compare_gradients(module, images):
    """The derivative along a random direction of the input, and of every parameter, by autograd and by differences."""
    random = torch.Generator().manual_seed(0)
    with torch.no_grad():  # zeros that a parameter starts from may lie where a ReLU bends
        for parameter in module.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=random), alpha=0.1)

    def compute():
        try:
            return module(images)
        except Exception as error:
            raise Mistake(
                f"its gradients cannot be checked, since it fails in float64: {type(error).__name__}: {error}.",
                "Let it follow the precision of its input.",
            )

    output = compute()
    weights = torch.randn(output.shape, generator=random)
    tensors = {"its input": images, **dict(module.named_parameters())}
    gradients = [None] * len(tensors)
    if output.requires_grad:
        gradients = torch.autograd.grad((output * weights).sum(), list(tensors.values()), allow_unused=True)
    for (name, tensor), gradient in zip(tensors.items(), gradients):
        gradient = torch.zeros_like(tensor) if gradient is None else gradient
        direction = torch.randn(tensor.shape, generator=random)
        with torch.no_grad():
            start = tensor.clone()
            tensor.add_(direction, alpha=STEP)
            above = compute()
            tensor.copy_(start).sub_(direction, alpha=STEP)
            by_differences = ((above - compute()) * weights).sum() / (2 * STEP)
            tensor.copy_(start)
        difference = abs((gradient * direction).sum() - by_differences)
        scale = max(gradient.norm(), abs(by_differences))
        if not difference <= DIFFERENCE * scale + ROUNDING * weights.norm():
            raise Mistake(
                f"the gradient of {name} is not the derivative of what it computes.",
                "Something is detached from training (detach, no_grad, a straight-through estimate), which lightbench cannot do.",
            )


def write(module, place):
    """With batch norms as they are: not folded into convolutions."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                module,
                (torch.randn(1, *place["input"]),),
                place["file"],
                opset_version=OPSET,
                training=torch.onnx.TrainingMode.PRESERVE,
                do_constant_folding=False,
                input_names=["input"],
                output_names=["output"],
                dynamo=False,
            )
        except Exception as error:
            first = (str(error).strip().splitlines() or [""])[0]
            raise Mistake(
                f"torch.onnx.export fails: {type(error).__name__}: {first}", "Write the module with other layers."
            )


def export(make, place, arguments):
    module, image, output = prepared(make, place, arguments)
    write(module, place)
    parameters = sum(parameter.numel() for parameter in module.parameters())
    buffers = [name for name, _ in module.named_buffers() if name.rpartition(".")[2] not in STATISTICS]
    return {"input": encoded(image), "output": encoded(output), "parameters": parameters, "buffers": buffers}


def encoded(tensor):
    return base64.b64encode(tensor.contiguous().numpy().astype("<f4").tobytes()).decode()


def answer(task):
    make = load(task["source"])
    samples = []
    for place in task["places"]:
        own = place.get("arguments", {})
        try:
            samples.append(export(make, place, {**task["arguments"], **own}))
        except Mistake as mistake:
            channels, height, width = place["input"]
            where = f"{channels}x{height}x{width} to {place['outChannels']} channels at stride {place['stride']}"
            values = "".join(f" with {name}={value}" for name, value in own.items())
            raise Mistake(
                f"{task['source']}, for {where}{values}: {mistake}",
                mistake.remedy,
            )
    return {"torch": torch.__version__, "samples": samples}


def main():
    try:
        print(json.dumps(answer(json.load(sys.stdin))))
    except Mistake as mistake:
        print(json.dumps({"error": str(mistake), "remedy": mistake.remedy}))


if __name__ == "__main__":
    main()
