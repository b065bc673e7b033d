"""Parts on Celery: `celery -A celery_parts worker`, then `python celery_parts.py parts out`.

The broker of a first try is a folder; a real one is Redis or RabbitMQ (`BROKER`). `acks_late` gives the part of a worker that
died to another one: that is safe, because a task writes one file with the same bytes.
"""

import os
import sys

from celery import Celery, group
from part import compile_part, parts_of

app = Celery(
    "parts", broker=os.environ.get("BROKER", "filesystem://"), backend=os.environ.get("BACKEND", "file:///tmp/results")
)
app.conf.broker_transport_options = {"data_folder_in": "/tmp/queue", "data_folder_out": "/tmp/queue"}
app.conf.task_acks_late = app.conf.task_reject_on_worker_lost = True
app.conf.worker_prefetch_multiplier = 1
task = app.task(name="compile_part")(compile_part)

if __name__ == "__main__":
    tasks = group(task.s(name, first, sys.argv[2]) for name, first in parts_of(sys.argv[1]))
    for line in tasks().get(timeout=600):
        print(line)
