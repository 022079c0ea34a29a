"""One epoch of torchvision's ImageFolder and DataLoader, after a warm-up of three batches.

  image_folder_peer.py FOLDER pillow|torchvision CORES

On one core images are loaded by the process itself, which is the fastest there; on more, by as many workers. Prints one line of JSON:
{"images": n, "seconds": wall, "processorSeconds": of this process and its workers}.
"""
import json
import resource
import sys
import time

import torch
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.io import decode_jpeg, read_file
from torchvision.transforms import v2

MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
BATCH = 64


def transform(with_pillow):
    to_tensor = [v2.PILToTensor()] if with_pillow else []
    return v2.Compose([
        v2.RandomResizedCrop(224, antialias=True),
        v2.RandomHorizontalFlip(),
        *to_tensor,
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(MEAN, DEVIATION),
    ])


def processor_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def epoch(dataset, workers, batches=None):
    loader = DataLoader(dataset, batch_size=BATCH, shuffle=True, drop_last=True, num_workers=workers)
    images = 0
    for number, (batch, _) in enumerate(loader):
        images += len(batch)
        if number + 1 == batches:
            break
    return images


def main():
    folder, decoder, cores = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(1)
    with_pillow = decoder == "pillow"
    loader = {} if with_pillow else {"loader": lambda path: decode_jpeg(read_file(path))}
    dataset = ImageFolder(folder, transform(with_pillow), **loader)
    workers = 0 if cores == 1 else cores
    epoch(dataset, 0, 3)
    used, start = processor_seconds(), time.perf_counter()
    images = epoch(dataset, workers)
    seconds = time.perf_counter() - start
    print(json.dumps({"images": images, "seconds": seconds, "processorSeconds": processor_seconds() - used}))


main()
