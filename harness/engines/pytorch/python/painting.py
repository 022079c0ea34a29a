"""Images on the device, from bytes and from what lightbench drew for each: scaled, mirrored, shifted, normalised, erased, mixed.

A canvas is rows x image x columns, channel by channel: matrices that weigh the source pixels of every target pixel.
"""

import itertools

import torch


def pieces_of(values, sizes):
    return values.split([*sizes, values.numel() - sum(sizes)])


def weighing(first, weights, length):
    """Images x target pixels x source pixels, from the first source pixel of each target pixel and the weights from there on."""
    images, size, taps = weights.shape
    matrix = weights.new_zeros(images, size, length + taps - 1)
    places = first.view(images, size, 1) + torch.arange(taps, device=first.device)
    return matrix.scatter_(2, places.long(), weights)[:, :, :length]


# Pixels by which the sides of images may differ that are painted together.
APART = 64


def alike(heights, widths):
    """Which images are about as large: painted together, for one by one they take a GPU longer to be asked for than to be computed."""
    images = {}
    for i, (height, width) in enumerate(zip(heights, widths)):
        images.setdefault((height // APART, width // APART), []).append(i)
    return images.values()


def side_by_side(pixels, firsts, row_lengths, height, width):
    """Images x height x width x channels. What an image lacks is whatever lies there: no target pixel has a weight for it."""
    rows, columns = (torch.arange(length, device=pixels.device) for length in (height, width))
    places = firsts.view(-1, 1, 1) + row_lengths.view(-1, 1, 1) * rows.view(-1, 1) + columns
    return pixels[places.clamp_(max=len(pixels) - 1)]


def inside(begin, length, size):
    pixel = torch.arange(size, device=begin.device)
    return (pixel >= begin.unsqueeze(1)) & (pixel < (begin + length).unsqueeze(1))


def painted(asked, values, device):
    """Images x channels x size x size, normalised, the channels last. The values, as float32: see painting.ts. Of images that lie in a file, "pixels" gives the bytes."""
    heights, widths, size, channels = asked["heights"], asked["widths"], asked["size"], asked["channels"]
    images, row_taps, column_taps = len(heights), asked["rowTaps"], asked["columnTaps"]
    lines = images * size
    first_rows, row_weights, first_columns, column_weights, erased, shares, sent = pieces_of(
        values.to(device, non_blocking=True),
        [
            *(lines, lines * row_taps, lines, lines * column_taps),
            *(4 * images if asked["erases"] else 0, images // 2 if asked["mixes"] else 0),
        ],
    )
    rows = weighing(first_rows.view(torch.int32), row_weights.view(images, size, row_taps), max(heights))
    columns = weighing(first_columns.view(torch.int32), column_weights.view(images, size, column_taps), max(widths))
    columns = columns.transpose(1, 2).unsqueeze(1)
    rows = rows.unsqueeze(1)
    # Of the rule (byte / 255 - mean) / deviation.
    mean, deviation = (torch.tensor(asked[name], dtype=torch.float64).view(-1, 1, 1) for name in ("mean", "deviation"))
    factor, offset = (1 / (255 * deviation)).float().to(device), (-mean / deviation).float().to(device)
    canvases = torch.empty(images, channels, size, size, device=device).to(memory_format=torch.channels_last)
    areas = [height * width for height, width in zip(heights, widths)]
    located = asked.get("pixels")
    pixels = sent.view(torch.uint8)[:channels * sum(areas)] if located is None else located.result().to(device, non_blocking=True)
    pixels = pixels.view(-1, channels)
    firsts = torch.tensor([0, *itertools.accumulate(areas[:-1])], device=device)
    row_lengths = torch.tensor(widths, device=device)
    for together in alike(heights, widths):
        height, width = max(heights[i] for i in together), max(widths[i] for i in together)
        places = torch.tensor(together, device=device)
        maps = side_by_side(pixels, firsts[places], row_lengths[places], height, width).permute(0, 3, 1, 2).float()
        sums = rows[places, :, :, :height] @ maps @ columns[places, :, :width]
        canvases[places] = torch.addcmul(offset, sums, factor)
    if asked["erases"]:
        top, left, height, width = erased.view(torch.int32).view(images, 4).unbind(1)
        where = inside(top, height, size).unsqueeze(2) & inside(left, width, size).unsqueeze(1)
        canvases.masked_fill_(where.unsqueeze(1), 0)
    if asked["mixes"]:
        canvases, others = canvases.chunk(2)
        share = shares.view(-1, 1, 1, 1)
        canvases = share * canvases + (1 - share) * others
    return canvases


def maps_of(request, values, shape, device):
    """The images of a request, as they arrived or painted here."""
    if request.get("painting") is not None:
        return painted(request["painting"], values, device)
    return values.view(shape).to(device=device, memory_format=torch.channels_last, non_blocking=True)
