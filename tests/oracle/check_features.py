"""Opens a features file with numpy and prints what is in it as JSON: check_features.py FILE"""

import json
import sys

import numpy as np

with np.load(sys.argv[1], allow_pickle=False) as file:
    print(json.dumps({
        "dtypes": {name: file[name].dtype.str for name in file.files if name != "shoal.json"},
        "features": file["features"].tolist(),
        "names": file["names"].tolist(),
        "labels": file["labels"].tolist(),
        "byte_sizes": file["byte_sizes"].tolist(),
        "content_hashes": file["content_hashes"].tolist(),
        "made": json.loads(file["shoal.json"]),
    }))
