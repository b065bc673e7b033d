"""A web service (aiohttp) that tells a customer by LINE that the parcel left: POST /shipped with JSON.

    LINE_CHANNEL_ACCESS_TOKEN=… python aiohttp_service.py

Run one process of it for a journal. A caller may repeat a request after a time-out: nobody is notified twice.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import web

import pnpc

SPEC = pnpc.load(Path(__file__).with_name("shipped.yaml").read_text(encoding="utf-8"), name="shipped.yaml")
SENDER: web.AppKey[pnpc.AsyncSending] = web.AppKey("sender")


async def sender(app: web.Application) -> AsyncIterator[None]:
    """One sender for the life of the process."""
    async with pnpc.Sender("shipped.journal.db", api_url=os.environ.get("LINE_API")) as app[SENDER]:
        yield


async def shipped(request: web.Request) -> web.Response:
    """Send one message, and answer when its outcome is known."""
    order = await request.json()
    try:
        payload = SPEC.fill({"order_id": order["order_id"]}, recipient=order["phone"])
    except pnpc.DataErrors as error:
        return web.json_response({"error": [mistake.message for mistake in error.diagnostics]}, status=422)
    outcome = await request.app[SENDER].send(payload)
    return web.json_response({"state": outcome.state, "sent_now": outcome.sent_now, "why": outcome.why})


def service() -> web.Application:
    """The application."""
    app = web.Application()
    app.cleanup_ctx.append(sender)
    app.router.add_post("/shipped", shipped)
    return app


if __name__ == "__main__":
    SPEC.fill()  # a spec with mistakes stops the service here, not at the first customer
    web.run_app(service(), port=int(os.environ.get("PORT", "8080")))
