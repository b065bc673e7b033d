"""Parts on Ray: `python ray_parts.py parts out`; on a cluster `RAY_ADDRESS=auto`, and paths of a disk that all share.

A task of a worker that died is done again (`max_retries`), which gives the same file. Workers need `part.py` and `shipped.yaml`
(`runtime_env={"working_dir": "."}`), and `pnpc[parquet]`.
"""

import os
import sys

import ray
from part import compile_part, parts_of

ray.init(address=os.environ.get("RAY_ADDRESS"), include_dashboard=False, logging_level="ERROR")
task = ray.remote(max_retries=3)(compile_part)
results = [task.remote(name, first, sys.argv[2]) for name, first in parts_of(sys.argv[1])]
for line in ray.get(results):
    print(line)
