"""The emulator's own calls, under `/_emulator`: its ledger, its clock, its scenario. LINE has nothing like them."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from pnpc.emulator.clock import iso
from pnpc.emulator.ledger import LedgerEntry
from pnpc.emulator.routes import STAGE
from pnpc.emulator.scenario import BadScenario, read
from pnpc.text.source import Undecodable, decode

ROOT = "/_emulator"


def add(app: web.Application) -> None:
    """Put the calls into an application that has a STAGE."""
    router = app.router
    router.add_get(ROOT, _overview)
    router.add_get(f"{ROOT}/health", _health)
    router.add_get(f"{ROOT}/ledger", _ledger)
    router.add_delete(f"{ROOT}/ledger", _forget)
    router.add_get(f"{ROOT}/duplicates", _duplicates)
    router.add_get(f"{ROOT}/webhooks", _webhooks)
    router.add_post(f"{ROOT}/webhooks/probe", _probe)
    router.add_get(f"{ROOT}/clock", _clock)
    router.add_post(f"{ROOT}/clock", _advance)
    router.add_put(f"{ROOT}/scenario", _scenario)


async def _overview(request: web.Request) -> web.Response:
    return web.json_response(request.app[STAGE].overview())


async def _health(request: web.Request) -> web.Response:  # noqa: ARG001
    """For whoever starts the emulator and waits until it answers: a container, a job of CI."""
    return web.json_response({"status": "ok"})


async def _ledger(request: web.Request) -> web.Response:
    entries = request.app[STAGE].ledger.find(request.query.get("to"), request.query.get("tag"))
    return web.json_response(_entries(entries))


async def _forget(request: web.Request) -> web.Response:
    request.app[STAGE].ledger.clear()
    return web.json_response({})


async def _duplicates(request: web.Request) -> web.Response:
    ledger = request.app[STAGE].ledger
    return web.json_response(
        {
            "sameBody": [_entries(group) for group in ledger.duplicates()],
            "sameTag": [_entries(group) for group in ledger.shared_tags()],
        }
    )


async def _webhooks(request: web.Request) -> web.Response:
    postman = request.app[STAGE].postman
    return web.json_response([post._asdict() for post in postman.posts] if postman is not None else [])


async def _probe(request: web.Request) -> web.Response:
    postman = request.app[STAGE].postman
    if postman is None:
        return _wrong("the emulator was started without a webhook")
    postman.probe()
    await postman.drain()
    return web.json_response(postman.posts[-1]._asdict())


async def _clock(request: web.Request) -> web.Response:
    return web.json_response({"now": iso(request.app[STAGE].clock.now())})


async def _advance(request: web.Request) -> web.Response:
    """`{"advance": seconds}`; answered when the events of that time are posted."""
    stage = request.app[STAGE]
    try:
        seconds = json.loads(await request.read())["advance"]
    except (KeyError, TypeError, ValueError, RecursionError):
        seconds = None
    if type(seconds) not in (int, float):
        return _wrong('the body must be {"advance": seconds}')
    try:
        await stage.advance(seconds)
    except ValueError as error:
        return _wrong(str(error))
    return await _clock(request)


async def _scenario(request: web.Request) -> web.Response:
    """A scenario file as the body; what it does not set goes back to its default."""
    try:
        source = decode("scenario", await request.read())
        scenario = read(source)
    except Undecodable as error:
        return _wrong(str(error.reason))
    except BadScenario as error:
        return _wrong(str(error))
    request.app[STAGE].play(scenario)
    return web.json_response({})


def _entries(entries: Iterable[LedgerEntry]) -> list[dict[str, Any]]:
    return [entry.as_json() for entry in entries]


def _wrong(message: str) -> web.Response:
    return web.json_response({"message": message}, status=HTTPStatus.BAD_REQUEST)
