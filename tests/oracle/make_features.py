"""Writes the features files that tests/archive/features reads, as numpy saves them: tests/fixtures/features_*.npz.

    python -m venv venv && venv/bin/pip install numpy
    venv/bin/python tests/oracle/make_features.py
"""

import hashlib
import json
import pathlib
import zipfile

import numpy as np

FIXTURES = pathlib.Path(__file__).parent.parent / "fixtures"
NAMES = ["trip/a.jpg", "trip/day 1/żółw 🐢.jpg", "trip/b.jpg", "c.png"]
HASHES = [hashlib.sha256(name.encode()).hexdigest() for name in NAMES]
MADE = {
    "format": "shoal-features",
    "version": 1,
    "model": "mobilenet_v2",
    "weightsSha256": "ab" * 32,
    "sizePx": 128,
    "features": "pooled",
}
arrays = {
    "features": np.arange(4 * 6, dtype=np.float32).reshape(4, 6) / 4 - 3,
    "names": np.array(NAMES),
    "labels": np.array([0, 1, -1, 1]),
    "byte_sizes": np.array([10, 2**40, 30, 0], dtype=np.uint64),
    "content_hashes": np.array(HASHES),
}

np.savez(FIXTURES / "features_stored.npz", **arrays)
with zipfile.ZipFile(FIXTURES / "features_stored.npz", "a") as archive:
    archive.writestr("shoal.json", json.dumps(MADE))
# Bytes instead of texts, narrower numbers, and nothing of how they were made.
arrays["content_hashes"] = np.array([text.encode() for text in HASHES])
arrays["labels"] = arrays["labels"].astype(np.int8)
np.savez_compressed(FIXTURES / "features_deflated.npz", **arrays)
