"""Talks to the engine's Python process as lightbench does; see engine/main.py for the messages."""

import json
import os
import struct
import subprocess
import sys

import torch

PREFIX = struct.Struct("<IQ")


class Engine:
    def __init__(self):
        main = os.path.join(os.path.dirname(os.path.abspath(__file__)), "engine", "main.py")
        self.process = subprocess.Popen([sys.executable, main], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.unanswered = 0

    def ask(self, header, tensors=()):
        """Sends tensors of float32 or int32; the answer's payload as a flat tensor of float32. Raises RuntimeError where it fails."""
        self.send(header, packed(tensors))
        return self.receive()

    def send(self, header, payload):
        text = json.dumps({"threads": torch.get_num_threads(), **header}).encode()
        self.process.stdin.write(PREFIX.pack(len(text), len(payload)) + text)
        self.process.stdin.write(payload)
        self.process.stdin.flush()
        self.unanswered += 1

    def receive(self):
        """The answer to the first request that has none yet."""
        header_bytes, payload_bytes = PREFIX.unpack(self.process.stdout.read(PREFIX.size))
        answer = json.loads(self.process.stdout.read(header_bytes))
        values = bytearray(self.process.stdout.read(payload_bytes))
        self.unanswered -= 1
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return torch.frombuffer(values, dtype=torch.float32) if values else torch.empty(0)

    def settle(self):
        """Leaves no request without its answer, whatever that is."""
        while self.unanswered:
            try:
                self.receive()
            except RuntimeError:
                pass

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def packed(tensors):
    """Their values, one after the other."""
    return b"".join(memoryview(raw_bytes(tensor)) for tensor in tensors)


def raw_bytes(tensor):
    """A copy of its values, as they lie in memory."""
    copy = bytearray(4 * tensor.numel())
    if copy:
        torch.frombuffer(copy, dtype=tensor.dtype).copy_(tensor.reshape(-1))
    return copy
