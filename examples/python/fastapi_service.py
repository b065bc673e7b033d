"""The same with FastAPI: `LINE_CHANNEL_ACCESS_TOKEN=… uvicorn fastapi_service:app` (one worker process for a journal)."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from pydantic import BaseModel

import pnpc

SPEC = pnpc.load(Path(__file__).with_name("shipped.yaml").read_text(encoding="utf-8"), name="shipped.yaml")


class Order(BaseModel):
    """What the shop says of a parcel."""

    order_id: str
    phone: str


@asynccontextmanager
async def life(app: FastAPI) -> AsyncIterator[None]:
    """One sender for the life of the process."""
    SPEC.fill()  # a spec with mistakes stops the service here, not at the first customer
    async with pnpc.Sender("shipped.journal.db", api_url=os.environ.get("LINE_API")) as app.state.sender:
        yield


app = FastAPI(lifespan=life)


@app.post("/shipped")
async def shipped(order: Order, request: Request) -> dict[str, object]:
    """Send one message, and answer when its outcome is known."""
    try:
        payload = SPEC.fill({"order_id": order.order_id}, recipient=order.phone)
    except pnpc.DataErrors as error:
        raise HTTPException(422, [mistake.message for mistake in error.diagnostics]) from None
    outcome = await request.app.state.sender.send(payload)
    return {"state": outcome.state, "sent_now": outcome.sent_now, "why": outcome.why}
