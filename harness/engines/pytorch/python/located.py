"""Pixels that lie in a file: it is mapped, so that they come from the memory in which the system keeps it, for all processes at once."""

import mmap
import os
import warnings
from concurrent.futures import ThreadPoolExecutor

import torch

# That a read-only buffer cannot be written: nobody writes it.
warnings.filterwarnings("ignore", message="The given buffer is not writable")


class LocatedPixels:
    """Collects those of a batch in a thread of its own, while another batch is computed. A future gives them, or what went wrong."""

    def __init__(self):
        self.files, self.thread = {}, ThreadPoolExecutor(max_workers=1)

    def collect(self, painting):
        return self.thread.submit(self.collected, painting)

    def collected(self, painting):
        """The bytes of all images, one after another."""
        located, channels = painting["located"], painting["channels"]
        mapped = self.mapped(located["file"])
        rows = [
            (offset, row_bytes, height, width * channels)
            for offset, row_bytes, height, width in zip(
                located["offsets"], located["rowBytes"], painting["heights"], painting["widths"]
            )
        ]
        mapped.expect([(offset, (height - 1) * row_bytes + length) for offset, row_bytes, height, length in rows])
        counts = [height * length for _, _, height, length in rows]
        # From pinned memory a GPU takes them while the processor goes on.
        pixels = torch.empty(sum(counts), dtype=torch.uint8, pin_memory=torch.cuda.is_initialized())
        for (offset, row_bytes, height, length), image in zip(rows, pixels.split(counts)):
            image.view(height, length).copy_(mapped.bytes.as_strided((height, length), (row_bytes, 1), offset))
        return pixels

    def mapped(self, path):
        if path not in self.files:
            self.files[path] = MappedFile(path)
        return self.files[path]


class MappedFile:
    def __init__(self, path):
        self.path, self.descriptor = path, os.open(path, os.O_RDONLY)
        self.map = mmap.mmap(self.descriptor, 0, access=mmap.ACCESS_READ)
        self.bytes = torch.frombuffer(self.map, dtype=torch.uint8)

    def expect(self, pieces):
        """Has all of these read from the disk at once. What a file has lost would end the process once it is touched."""
        if os.fstat(self.descriptor).st_size < max(begin + length for begin, length in pieces):
            raise ValueError(f"{self.path} has become shorter. Make the folder anew with lightbench data prepare.")
        if hasattr(mmap, "MADV_WILLNEED"):
            for begin, length in pieces:
                page = begin // mmap.PAGESIZE * mmap.PAGESIZE
                self.map.madvise(mmap.MADV_WILLNEED, page, begin + length - page)
