"""Writes the figures that tests/collection/duplicates/hashes.rs and tests/preprocess/fingerprint.rs compare with, as numpy computes them.

    python -m venv venv && venv/bin/pip install numpy
    venv/bin/python tests/oracle/make_duplicates.py
"""

import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent


def write(name, value):
    (HERE / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


def dhash_case(luma):
    bits = (luma[:, 1:] > luma[:, :-1]).ravel()
    return {"luma": luma.ravel().tolist(), "hash": f"{int(''.join('01'[int(bit)] for bit in bits), 2):016x}"}


def sharpness_case(grey):
    wide = grey.astype(float)
    around = wide[:-2, 1:-1] + wide[2:, 1:-1] + wide[1:-1, :-2] + wide[1:-1, 2:]
    return {
        "width": grey.shape[1],
        "grey": grey.ravel().tolist(),
        "sharpness": float((around - 4 * wide[1:-1, 1:-1]).var()),
    }


def main():
    rng = np.random.default_rng(20261124)
    noise = lambda height, width: rng.integers(0, 256, (height, width)).astype(np.uint8)
    # Differences wrap around in bytes; steps of one and of the whole range show whether they were compared as such.
    steps = (255 * (np.indices((8, 9)).sum(0) % 2)).astype(np.uint8)
    slope = (np.indices((8, 9))[1] * 3).astype(np.uint8)
    write("dhashes", [dhash_case(luma) for luma in [noise(8, 9), noise(8, 9) // 128, steps, slope, slope[:, ::-1]]])
    smooth = (40 + 30 * np.sin(np.indices((15, 21)).sum(0) / 4)).astype(np.uint8)
    write("sharpnesses", [sharpness_case(grey) for grey in [noise(12, 17), smooth, noise(3, 3), slope]])


if __name__ == "__main__":
    main()
