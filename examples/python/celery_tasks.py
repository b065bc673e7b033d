"""The same as a Celery task: `LINE_CHANNEL_ACCESS_TOKEN=… celery -A celery_tasks worker --pool threads`.

Threads, because one process owns the journal: all tasks of the process share its sender. The task may run again after a lost
acknowledgement (`acks_late`): the journal knows what was sent.
"""

import os
from pathlib import Path

from celery import Celery
from celery.signals import worker_init, worker_shutdown

import pnpc

SPEC = pnpc.load(Path(__file__).with_name("shipped.yaml").read_text(encoding="utf-8"), name="shipped.yaml")
app = Celery("shop", broker=os.environ.get("BROKER", "redis://localhost"), backend=os.environ.get("BACKEND"))
app.conf.task_acks_late = True
SENDER = pnpc.Sender("shipped.journal.db", api_url=os.environ.get("LINE_API"))


@worker_init.connect
def begin(**_: object) -> None:
    """One sender for the life of the worker."""
    app.sender = SENDER.open()


@worker_shutdown.connect
def end(**_: object) -> None:
    """Send what is waiting, and give the journal free."""
    app.sender.close()


@app.task(bind=True, max_retries=5)
def shipped(self, order_id: str, phone: str) -> str:  # noqa: ANN001 - Celery's task
    """Send one message. What was surely not sent is tried again later; anything else never is."""
    outcome = app.sender.send(SPEC.fill({"order_id": order_id}, recipient=phone))
    if outcome.state == "not_sent":
        raise self.retry(countdown=60)
    return outcome.state
