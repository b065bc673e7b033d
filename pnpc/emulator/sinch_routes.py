"""Sinch's two calls over HTTP."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from pnpc.emulator.answers import Answer
from pnpc.emulator.routes import STAGE
from pnpc.emulator.sinch import SinchPlatform


def add(app: web.Application) -> None:
    """Put the calls into an application that has a STAGE."""
    app.router.add_post("/oauth2/token", _handler(lambda request, body: _stage(request).token(_headers(request), body)))
    app.router.add_post(
        "/v1/projects/{project}/messages:send",
        _handler(lambda request, body: _stage(request).send(_headers(request), body)),
    )


def _handler(answer_to: "Callable[[web.Request, bytes], Answer]") -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        answer = answer_to(request, await request.read())
        stage = request.app[STAGE]
        stage.ledger.answers[str(answer.status)] += 1
        await stage.settle()
        return web.Response(status=answer.status, body=answer.body, content_type="application/json")

    return handle


def _stage(request: web.Request) -> "SinchPlatform":
    return request.app[STAGE].sinch


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
