"""Checks the engine `pytorch` on this machine, and times it. Needs Python with torch, and the folder that pack.ts wrote.

    python3 check.py [--device cuda|mps|cpu] [--minutes 7.5] [--size 224] [--batch 256] [--steps 10] [--no-compile] [--out results.json]

Parity: outputs, loss, gradients, running statistics and 20 steps of training against onnxruntime's, with the tolerances of lightbench; and
images that are cropped, scaled, mirrored, shifted, erased and mixed on the device against those that lightbench paints.
Then images a second in training, float32 and bf16, of the engine with the way between two processes, whose images lie in a file as prepared
ones do, or are sent; of the same without it; and of a plain loop over a module of the same network, as it is, compiled, and compiled into CUDA
graphs; peak memory; and how the engine scales with the batch. What does not fit into the minutes is left out, and named.
"""

import argparse
import copy
import json
import os
import platform
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "engine")]

import torch
from torch.nn import functional as F

from client import Engine, packed
from torch_peer import Network as PlainNetwork
from trainer import Trainer

# Modes of torch.compile. On a CPU the second is the first.
COMPILED = {"default": "compiled", "reduce-overhead": "CUDA graphs"}

RATE = 0.01
NOISE = 1e-3


def load():
    with open(os.path.join(HERE, "jobs.json")) as file:
        work = json.load(file)
    with open(os.path.join(HERE, "jobs.bin"), "rb") as file:
        values = torch.frombuffer(bytearray(file.read()), dtype=torch.float32)
    return work, lambda place: values[place[0]:place[0] + place[1]]


def difference(actual, expected):
    """Not a number where a value is none."""
    return float((actual - expected).abs().max()) if expected.numel() else 0.0


def largest(values):
    return float(values.abs().max()) if values.numel() else 0.0


def pieces(values, described):
    return values.split([one["size"] for one in described]) if described else []


def gradient_differences(job, begun, actual, expected):
    """A gradient is what a step of plain SGD takes off the weights."""
    norms = [
        (float((a - e).double().norm()), float((b - e).double().norm()))
        for a, e, b in zip(*(pieces(values, job["step"]["request"]["learnable"]) for values in (actual, expected, begun)))
    ]
    whole = sum(size**2 for _, size in norms) ** 0.5
    return {
        "gradient": sum(off**2 for off, _ in norms) ** 0.5 / whole,
        "worst gradient of a parameter": max(off / (size + NOISE * whole) for off, size in norms),
    }


def statistics_difference(job, actual, expected):
    described = job["step"]["request"]["running"]
    return max(
        (difference(a, e) / max(1.0, largest(e)) for a, e in zip(pieces(actual, described), pieces(expected, described))),
        default=0.0,
    )


def checked(engine, job, at, device):
    images, labels = at(job["images"]), at(job["labels"])
    place = {"handle": 1, "device": device}
    predictor, step, training = job["predictor"], job["step"], job["training"]
    engine.ask({**predictor["request"], **place}, [at(part) for part in predictor["payload"]])
    outputs = engine.ask({"ask": "run", **place}, [images])
    expected = at(predictor["outputs"])
    found = {"outputs": difference(outputs, expected) / largest(expected)}
    stepping = {"ask": "step", "meanShare": None, "tail": 1, **place}
    begun = [at(part) for part in step["payload"]]
    engine.ask({**step["request"], **place}, begun)
    loss = float(engine.ask({**stepping, "rate": step["rate"]}, [images, labels]))
    found["loss"] = abs(loss - step["loss"]) / abs(step["loss"])
    parameters = engine.ask({"ask": "vectors", "names": ["parameters"], **place})
    statistics = engine.ask({"ask": "vectors", "names": ["statistics"], **place})
    found.update(gradient_differences(job, begun[0], parameters, at(step["parameters"])))
    found["statistics"] = statistics_difference(job, statistics, at(step["statistics"]))
    if training is not None:
        engine.ask({**training["request"], **place}, [at(part) for part in training["payload"]])
        losses = [float(engine.ask({**stepping, "rate": training["rate"]}, [images, labels])) for _ in training["losses"]]
        found["training"] = max(abs(a - e) / abs(e) for a, e in zip(losses, training["losses"]))
    engine.ask({"ask": "forget", **place})
    return found


def parity(engine, work, at, device):
    tolerance, rows = work["tolerance"], []
    for job in work["jobs"]:
        found = checked(engine, job, at, device)
        wrong = {what: value for what, value in found.items() if not value <= tolerance[what]}
        rows.append({"name": job["name"], "differences": found, "wrong": sorted(wrong)})
        for what, value in wrong.items():
            print(f"DIFFERS  {job['name']}: {what} by {value:.1e}; at most {tolerance[what]} is allowed")
    alike = sum(not row["wrong"] for row in rows)
    print(f"parity: {alike} of {len(rows)} networks compute what onnxruntime computes")
    return rows


def painting(engine, job, at, device):
    """The largest difference of a value of the images that the device paints."""
    place = {"handle": 1, "device": device}
    engine.ask({**job["request"], **place})
    images = engine.ask({"ask": "run", "painting": job["painting"], **place}, [at(part) for part in job["payload"]])
    engine.ask({"ask": "forget", **place})
    found = difference(images, at(job["images"]))
    agrees = found <= job["tolerance"]
    print(f"{'images' if agrees else 'DIFFERS  images'}: painted here as by lightbench within {found:.1e}; at most {job['tolerance']} is allowed")
    return {"difference": found, "agrees": agrees}


class Timer:
    def __init__(self, options):
        self.options, self.device = options, torch.device(options.device)
        self.end = time.monotonic() + 60 * options.minutes

    def synchronize(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        elif self.device.type == "mps":
            torch.mps.synchronize()

    def images_per_second(self, step, batch):
        """The median of the steps after three that warm up, and the peak memory in MiB where the device tells."""
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats()
        times = []
        for _ in range(self.options.steps + 3):
            start = time.perf_counter()
            step()
            self.synchronize()
            times.append(time.perf_counter() - start)
        peak = torch.cuda.max_memory_allocated() / 2**20 if self.device.type == "cuda" else None
        return {"imagesPerSecond": batch / sorted(times[3:])[len(times[3:]) // 2], "peakMiB": peak}


def drawn(request, generator):
    """Parameters as lightbench begins with them: kernels normal with variance 2 / fan-in."""
    parts = []
    for one in request["learnable"]:
        if one["decays"]:
            fan_in = one["size"] / one["shape"][0]
            parts.append(torch.randn(one["size"], generator=generator) * (2 / fan_in) ** 0.5)
        else:
            parts.append(torch.full((one["size"],), 0.0 if one["path"].endswith(".bias") else 1.0))
    running = [torch.full((one["size"],), 1.0 if one["path"].endswith("_var") else 0.0) for one in request["running"]]
    parameters, statistics = torch.cat(parts), torch.cat(running)
    vectors = {"parameters": parameters, "momenta": torch.zeros_like(parameters), "statistics": statistics}
    return [vectors[name] for name, _ in request["vectors"]]


def sized(request, size, batch, precision):
    """The request for images of another size."""
    changed = copy.deepcopy(request)
    changed["input"], changed["batch"] = [request["input"][0], size, size], batch
    changed["graph"]["nodes"][0]["op"]["shape"] = changed["input"]
    changed["recipe"]["precision"] = precision
    changed["leastBytes"] = 0
    return changed


class Unpainted:
    """Images as lightbench hands them over for a GPU: bytes, larger than the network sees them, each of whose pixels is made of two by two of theirs."""

    def __init__(self, request):
        channels, size, batch = request["input"][0], request["input"][1], request["batch"]
        self.length = size * 8 // 28 * 4
        first = torch.arange(size, dtype=torch.int32) * (self.length - 2) // (size - 1)
        taps = [first.repeat(batch), torch.full((2 * batch * size,), 0.5)]
        self.taps = [*taps, *taps]
        self.pixels = torch.randint(256, (batch * self.length * self.length * channels,), dtype=torch.uint8).view(torch.int32)
        self.painting = {
            "heights": [self.length] * batch,
            "widths": [self.length] * batch,
            "channels": channels,
            "size": size,
            "rowTaps": 2,
            "columnTaps": 2,
            "mean": [0.5] * channels,
            "deviation": [0.25] * channels,
            "erases": False,
            "mixes": False,
        }

    def sent(self):
        return self.painting, [*self.taps, self.pixels]

    def in_file(self, path):
        with open(path, "wb") as file:
            file.write(packed([self.pixels]))
        row = self.length * self.painting["channels"]
        images = range(len(self.painting["heights"]))
        located = {"file": path, "offsets": [i * self.length * row for i in images], "rowBytes": [row for _ in images]}
        return {**self.painting, "located": located}, self.taps


def through_the_process(timer, engine, request, sends=False):
    """Each step is asked for while the one before is computed, as lightbench does."""
    place = {"handle": 1, "device": timer.options.device}
    engine.ask({**request, **place}, drawn(request, torch.Generator().manual_seed(0)))
    with tempfile.TemporaryDirectory() as folder:
        unpainted = Unpainted(request)
        painting, images = unpainted.sent() if sends else unpainted.in_file(os.path.join(folder, "train.rgb"))
        header = {"ask": "step", "rate": RATE, "meanShare": None, "tail": 1, "painting": painting, **place}
        payload = packed([*images, labels_of(request["batch"])])

        def step():
            engine.send(header, payload)
            return engine.receive()

        try:
            engine.send(header, payload)
            return timer.images_per_second(step, request["batch"])
        finally:
            engine.settle()
            engine.ask({"ask": "forget", **place})


def within_this_process(timer, request, images, labels):
    sizes = [size for _, size in request["vectors"]]
    values = torch.cat(drawn(request, torch.Generator().manual_seed(0))).split(sizes)
    vectors = dict(zip([name for name, _ in request["vectors"]], values))
    trainer = Trainer({**request, "device": timer.options.device}, vectors)
    payload = torch.cat([images, labels.view(torch.float32)])
    step = {"rate": RATE, "meanShare": None, "tail": 1}
    return timer.images_per_second(lambda: float(trainer.step(step, payload)), request["batch"])


def plain_loop(timer, network, request, images, labels, compiled=None):
    """As a user of PyTorch writes it, with the images on the device from the start, compiled in a mode of torch.compile or not."""
    nodes = [{**node, "shape": shape} for node, shape in zip(network["request"]["graph"]["nodes"], network["shapes"])]
    module = PlainNetwork(nodes, request["graph"]["output"]).to(timer.device, memory_format=torch.channels_last)
    shape = (request["batch"], *request["input"])
    maps = images.view(shape).to(timer.device, memory_format=torch.channels_last)
    targets = labels.long().to(timer.device)
    forward = module if compiled is None else torch.compile(module, mode=compiled)
    optimizer = torch.optim.SGD(module.parameters(), RATE, momentum=0.9, nesterov=True, weight_decay=1e-4, fused=timer.device.type != "mps")
    bf16 = request["recipe"]["precision"] == "bf16"

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(timer.device.type, torch.bfloat16, enabled=bf16):
            loss = F.cross_entropy(forward(maps), targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    return timer.images_per_second(step, request["batch"])


def batch_of(request, count):
    generator = torch.Generator().manual_seed(1)
    images = torch.randn(count * request["input"][0] * request["input"][1] * request["input"][2], generator=generator)
    return images, labels_of(count)


def labels_of(count):
    return torch.arange(count, dtype=torch.int32) % 1000


def speed(timer, engine, work):
    rows = []

    def add(name, precision, batch, how, measure):
        row = {"network": name, "precision": precision, "batch": batch, "how": how}
        if time.monotonic() > timer.end:
            row["leftOut"] = "no time left"
        else:
            try:
                row.update(measure())
            except Exception as error:
                row["leftOut"] = f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
        if timer.device.type == "cuda":
            torch.cuda.empty_cache()
        rows.append(row)
        told = row.get("leftOut") or f"{row['imagesPerSecond']:10.1f} images/s" + (
            f"{row['peakMiB']:10.0f} MiB" if row["peakMiB"] else ""
        )
        print(f"{name:36} {precision:8} batch {batch:4} {how:28} {told}", flush=True)

    size, batch = timer.options.size, timer.options.batch
    for precision in ("float32", "bf16"):
        for network in work["timed"]:
            request = sized(network["request"], size, batch, precision)
            with_data = (request, *batch_of(request, batch))
            name = network["name"]
            add(name, precision, batch, "engine", lambda: through_the_process(timer, engine, request))
            if network is work["timed"][0]:
                add(name, precision, batch, "engine, images sent", lambda: through_the_process(timer, engine, request, sends=True))
            add(name, precision, batch, "engine, in one process", lambda: within_this_process(timer, *with_data))
            add(name, precision, batch, "plain loop", lambda: plain_loop(timer, network, *with_data))
    network = work["timed"][0]
    for count in [batch // 8, batch // 4, batch // 2, batch * 2]:
        if count > 0:
            request = sized(network["request"], size, count, "float32")
            add(network["name"], "float32", count, "engine", lambda: through_the_process(timer, engine, request))
    if not timer.options.no_compile:
        for precision in ("float32", "bf16"):
            for network in work["timed"]:
                request = sized(network["request"], size, batch, precision)
                with_data = (request, *batch_of(request, batch))
                for mode, how in COMPILED.items():
                    add(network["name"], precision, batch, f"plain loop, {how}", lambda: plain_loop(timer, network, *with_data, mode))
    return rows


def best_device():
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default=best_device())
    parser.add_argument("--minutes", type=float, default=7.5)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--out", default="results.json")
    options = parser.parse_args()
    torch.backends.cudnn.allow_tf32 = False
    timer, (work, at) = Timer(options), load()
    machine = {
        "device": torch.cuda.get_device_name() if options.device.startswith("cuda") else platform.processor() or platform.machine(),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }
    print(f"{machine['device']}, torch {machine['torch']}, Python {machine['python']}")
    engine = Engine()
    results = {"machine": machine, "parity": parity(engine, work, at, options.device)}
    results["painting"] = painting(engine, work["painting"], at, options.device)
    results["speed"] = speed(timer, engine, work)
    engine.close()
    with open(options.out, "w") as file:
        json.dump(results, file, indent=1)
    sys.exit(any(row["wrong"] for row in results["parity"]) or not results["painting"]["agrees"])


if __name__ == "__main__":
    main()
