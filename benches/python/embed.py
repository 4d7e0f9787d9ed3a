"""Images per second, from files to features on all cores: Shoal's Python package against torchvision's MobileNetV2.

    python benches/python/embed.py FOLDER [SIZE_PX [THREADS]]

Needs the wheel (`make python`), torch, torchvision and Pillow. torchvision computes batches of 32, while other threads decode
the next ones. Both take turns; the medians of three rounds are printed, by the clock and by the time that processors were busy.
"""

import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import shoal
import torch
from PIL import Image
from torchvision.models import mobilenet_v2

BATCH = 32
ROUNDS = 3


def read(path, size_px):
    """The image in the middle square, normalised: shape [3, size, size]."""
    with Image.open(path) as image:
        image.draft("RGB", (size_px, size_px))
        image = image.convert("RGB")
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        image = image.resize((size_px, size_px), Image.BILINEAR, (left, top, left + side, top + side))
    pixels = np.asarray(image, np.float32) / 255
    return torch.from_numpy(((pixels - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)).astype(np.float32).transpose(2, 0, 1))


def with_torch(network, paths, size_px, threads):
    batches = [paths[start : start + BATCH] for start in range(0, len(paths), BATCH)]
    with ThreadPoolExecutor(threads) as pool, torch.inference_mode():
        decoded = [[pool.submit(read, path, size_px) for path in batch] for batch in batches]
        maps = [network.features(torch.stack([image.result() for image in batch])) for batch in decoded]
        return torch.cat([one.mean((2, 3)) for one in maps])


def main():
    size_px = int(sys.argv[2]) if len(sys.argv) > 2 else 128
    paths = sorted(path for path in Path(sys.argv[1]).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else os.cpu_count()
    torch.set_num_threads(threads)
    embedder = shoal.Embedder(model="mobilenet-v2", size=size_px, threads=threads)
    network = mobilenet_v2().eval()
    contenders = {
        "Shoal": lambda: embedder.embed(paths),
        "torchvision": lambda: with_torch(network, paths, size_px, threads),
    }
    seconds = {name: [] for name in contenders}
    for _ in range(ROUNDS + 1):
        for name, run in contenders.items():
            began = time.perf_counter(), time.process_time()
            run()
            seconds[name].append((time.perf_counter() - began[0], time.process_time() - began[1]))
    for name, times in seconds.items():
        # The first round warms up.
        wall, busy = (statistics.median(column) / len(paths) for column in zip(*times[1:]))
        print(f"{name}: {1 / wall:.0f} images per second, {1000 * busy:.1f} ms of processor time per image")
    print(f"{len(paths)} images at {size_px} px, {threads} threads")


if __name__ == "__main__":
    main()
