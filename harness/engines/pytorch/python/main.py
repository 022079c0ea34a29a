"""PyTorch for lightbench: trains and runs graphs that arrive on standard input, until it ends. Needs nothing but torch.

A message, in either direction, is

    bytes of the header, uint32 | bytes of the payload, uint64 | header, JSON | payload, float32 or int32 values

with numbers in little-endian. Requests are answered in their order. What they ask for, in "ask":

    trainer     graph, learnable and running parameters, recipe, steps taken; payload: the vectors of "vectors"
    step        rate; payload: images, labels, for mixtures second labels and shares          -> payload: the loss
    vectors     names                                                                        -> payload: these vectors
    predictor   graph, parameters; payload: their values
    run         payload: images                                                              -> payload: the outputs
    forget      a trainer or predictor, by "handle", which all of the above have

Images are canvases, or with "painting" what `painting.py` makes canvases of. The answer to what fails is {"error": why}.
"""

import json
import os
import queue
import signal
import struct
import sys
import threading

import torch

from located import LocatedPixels
from network import Network, on_device
from painting import maps_of
from trainer import Trainer

PREFIX = struct.Struct("<IQ")

# Payloads of the same size arrive again and again: their memory is kept.
KEPT_BUFFERS = 4


class Inbox:
    """Reads ahead in a thread of its own, so that the end of the input ends the process whatever it is computing."""

    def __init__(self, stream):
        self.stream, self.requests, self.located = stream, queue.SimpleQueue(), LocatedPixels()
        self.spare, self.lock = [], threading.Lock()
        threading.Thread(target=self.receive, daemon=True).start()

    def receive(self):
        while True:
            header_bytes, payload_bytes = PREFIX.unpack(self.read(bytearray(PREFIX.size)))
            header = json.loads(self.read(bytearray(header_bytes)))
            painting = header.get("painting")
            if painting and "located" in painting:
                painting["pixels"] = self.located.collect(painting)
            self.requests.put((header, self.read(self.buffer(payload_bytes))))

    def read(self, buffer):
        view = memoryview(buffer)
        while view:
            count = self.stream.readinto(view)
            if not count:
                os._exit(0)
            view = view[count:]
        return buffer

    def buffer(self, size):
        with self.lock:
            for i, kept in enumerate(self.spare):
                if len(kept) == size:
                    return self.spare.pop(i)
        return bytearray(size)

    def give_back(self, buffer):
        with self.lock:
            self.spare = [*self.spare[1 - KEPT_BUFFERS:], buffer]


class Predictor:
    def __init__(self, request, values):
        self.device = torch.device(request["device"])
        self.shape = (request["batch"], *request["input"])
        described = request["parameters"]
        pieces = values.split([one["size"] for one in described]) if described else []
        parameters = {
            one["path"]: on_device(piece, one["shape"], self.device) for piece, one in zip(pieces, described)
        }
        self.network = Network(request["graph"], parameters, training=False)

    def run(self, request, values):
        with torch.inference_mode():
            return self.network(maps_of(request, values, self.shape, self.device))


class Worker:
    def __init__(self):
        self.made = {}

    def answer(self, request, payload):
        """The tensors of the payload."""
        torch.set_num_threads(request["threads"])
        values = torch.frombuffer(payload, dtype=torch.float32) if payload else torch.empty(0)
        ask, handle = request["ask"], request["handle"]
        if ask == "trainer":
            sizes = [size for _, size in request["vectors"]]
            vectors = dict(zip([name for name, _ in request["vectors"]], values.split(sizes)))
            self.made[handle] = Trainer(request, vectors)
        elif ask == "step":
            return [self.made[handle].step(request, values)]
        elif ask == "vectors":
            return [tensor for name in request["names"] for tensor in self.made[handle].vector(name)]
        elif ask == "predictor":
            self.made[handle] = Predictor(request, values)
        elif ask == "run":
            return [self.made[handle].run(request, values)]
        elif ask == "forget":
            self.made.pop(handle, None)
            if torch.cuda.is_initialized():
                torch.cuda.empty_cache()
        else:
            raise ValueError(f"There is nothing called {ask}.")
        return []


def flat_bytes(tensors):
    """The values of all tensors, each in the order of its axes. Only numpy would give them without a copy."""
    payload = bytearray(4 * sum(tensor.numel() for tensor in tensors))
    if payload:
        values = torch.frombuffer(payload, dtype=torch.float32)
        for tensor, piece in zip(tensors, values.split([tensor.numel() for tensor in tensors])):
            piece.view(tensor.shape).copy_(tensor.detach())
    return payload


def main():
    # Ctrl-C reaches the whole process group; what began this process decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    # What libraries print must not get between the answers.
    os.dup2(2, 1)
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    inbox, worker = Inbox(sys.stdin.buffer.raw), Worker()
    while True:
        request, payload = inbox.requests.get()
        try:
            header, values = {}, flat_bytes(worker.answer(request, payload))
        except Exception as error:
            header, values = {"error": f"{type(error).__name__}: {error}"}, b""
        inbox.give_back(payload)
        text = json.dumps(header).encode()
        send(answers, PREFIX.pack(len(text), len(values)) + text)
        send(answers, values)


def send(stream, data):
    view = memoryview(data)
    while view:
        view = view[stream.write(view):]


if __name__ == "__main__":
    main()
