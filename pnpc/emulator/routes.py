"""LINE's calls over HTTP: a request read within its bounds, its answer, and the faults that a scenario wants."""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from time import perf_counter
from uuid import uuid4

from aiohttp import web

from pnpc.emulator import breaking
from pnpc.emulator.answers import Answer, accepted, of_status, whole
from pnpc.emulator.faults import EARLY, ScenarioFault
from pnpc.emulator.line import Request
from pnpc.emulator.stage import Stage
from pnpc.line.service import Endpoint, endpoints, questions

LOG = logging.getLogger("pnpc.emulator")
STAGE = web.AppKey("stage", Stage)
ID = "x-line-request-id"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add(app: web.Application) -> None:
    """Put the calls into an application that has a STAGE."""
    for endpoint in (*endpoints().values(), *questions().values()):
        app.router.add_route(endpoint.method, endpoint.path, _handler(endpoint))


@web.middleware
async def outermost(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A request ID on every answer, LINE's way to say 404 and 405, and a line of the access log."""
    started = perf_counter()
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        response = respond(whole("path"), _id())
    except web.HTTPMethodNotAllowed as error:
        response = respond(whole("method", headers=(("Allow", ", ".join(sorted(error.allowed_methods))),)), _id())
    except web.HTTPException as error:
        response = respond(of_status(error.status, error.text), _id())
    except web.RequestPayloadError:  # broken chunks
        response = respond(whole("json", line=1, column=1), _id())
    except ConnectionError:  # the client is gone
        response = web.Response()
    except Exception as error:  # a ledger that can't be written, or a bug: never the connection cut without a word
        # One line, and no traceback: a traceback could show a request's content.
        LOG.error("%s %s: %s: %s", request.method, request.path, type(error).__name__, error)  # noqa: TRY400
        response = respond(of_status(HTTPStatus.INTERNAL_SERVER_ERROR, None), _id())
    if LOG.isEnabledFor(logging.INFO):
        took = (perf_counter() - started) * 1e3
        LOG.info(
            "%s %s %s %s %.1f ms", request.method, request.path, response.status, response.headers.get(ID, "-"), took
        )
    return response


def respond(answer: Answer, id: str) -> web.Response:
    """An answer as HTTP has it."""
    headers = {ID: id, **dict(answer.headers)}
    return web.Response(status=answer.status, body=answer.body, content_type="application/json", headers=headers)


def _handler(endpoint: Endpoint) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        return await _answer(endpoint, request)

    return handle


async def _answer(endpoint: Endpoint, request: web.Request) -> web.StreamResponse:
    stage, id = request.app[STAGE], _id()
    fault = stage.faults.early(endpoint.name)
    asked = Request(endpoint, _headers(request), b"", request.query.get("date", ""), id)
    if fault is None or fault.does.get("how") == "fin":  # closing over unread bytes sends RST
        asked = asked._replace(raw=await _read(request, stage.line.settings.body_bytes))
    fault = fault or stage.fault(asked)
    if fault is None:
        answer = await stage.answer(asked)
        stage.ledger.answers[str(answer.status)] += 1
    else:
        answer = await _of_fault(fault, stage, asked)
        stage.ledger.answers[fault.type] += 1
        LOG.info("fault %s %s", fault.type, id)
    await stage.settle()
    broken = await breaking.give(fault, answer, request, id) if fault is not None else None
    response = broken or respond(answer, id)
    if len(asked.raw) > stage.line.settings.body_bytes:
        response.force_close()  # the rest of it was not read
    return response


async def _of_fault(fault: ScenarioFault, stage: Stage, asked: Request) -> Answer:
    """The answer that a fault then spoils; if the message is to be taken all the same, LINE's own."""
    answer = accepted(asked.endpoint.accepted)
    if fault.type != EARLY and (fault.sent or not asked.endpoint.sends):
        answer = await stage.answer(asked._replace(fault=fault.type))
    return breaking.other(fault.does) if fault.type == "status" else answer


def _id() -> str:
    return str(uuid4())


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


async def _read(request: web.Request, most: int) -> bytes:
    """The body, or more bytes than are allowed of one that is too long."""
    parts: list[bytes] = []
    size = 0
    async for part in request.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > most:
            break
    return b"".join(parts)
