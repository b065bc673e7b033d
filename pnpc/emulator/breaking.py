"""Answers as a broken network brings them: cut off, late, too short, of another length than they say."""

import asyncio
import socket
from collections.abc import Mapping
from struct import pack
from typing import Any

from aiohttp import web

from pnpc.emulator.answers import Answer, of_status
from pnpc.emulator.faults import EARLY, ScenarioFault
from pnpc.emulator.line import retry_after

_PAGE = b"<html><head><title>Error</title></head><body><h1>An error occurred</h1></body></html>"
_MORE = 64  # bytes that a wrong Content-Length promises beyond the body
_NO_LINGER = pack("ii", 1, 0)  # closing sends RST


async def give(fault: ScenarioFault, answer: Answer, request: web.Request, id: str) -> web.StreamResponse | None:
    """Answer a request as a fault has it. None: the answer goes out as it is, for it is only late, or another one."""
    does = fault.does
    html, longer = bool(does.get("html")), bool(does.get("wrong-length"))
    if fault.type == "slow" and not does.get("drip"):
        await asyncio.sleep(does["seconds"])
        return None
    if fault.type == "status" and not html and not longer:
        return None
    raw = _head(answer, id, longer=longer or fault.type == "truncated-body", html=html)
    body = _PAGE if html else answer.body
    if fault.type in (EARLY, "reset-after-read"):
        end(request, reset=does.get("how", "rst") == "rst")
    elif fault.type == "truncated-status":
        _write(request, raw[: len(b"HTTP/1.1 202 Acc")])
    elif fault.type == "truncated-body":
        _write(request, raw + body[: len(body) // 2])
    elif fault.type == "slow":
        await _drip(request, raw + body, does["seconds"])
    else:
        _write(request, raw + body)
    end(request)
    return web.Response()  # it is not sent: the connection is closed


def other(does: Mapping[str, Any]) -> Answer:
    """The answer of a fault of type `status`."""
    headers = retry_after(does.get("retry-after"))
    if "location" in does:
        headers += (("Location", does["location"]),)
    return of_status(does["status"], does.get("message"), headers)


def end(request: web.Request, *, reset: bool = False) -> None:
    """Close a connection: what was written still goes out, or with `reset` nothing does and the other side gets RST."""
    transport = request.transport
    if transport is None:
        return
    if not reset:
        transport.close()
        return
    own = transport.get_extra_info("socket")
    if own is not None:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()


def _head(answer: Answer, id: str, *, longer: bool, html: bool) -> bytes:
    length = len(_PAGE if html else answer.body) + (_MORE if longer else 0)
    kind = "text/html" if html else "application/json"
    headers = [("Content-Type", kind), ("Content-Length", str(length)), ("x-line-request-id", id), *answer.headers]
    lines = [f"HTTP/1.1 {answer.status} {_reason(answer.status)}", *(f"{name}: {value}" for name, value in headers)]
    return ("\r\n".join(lines) + "\r\nConnection: close\r\n\r\n").encode("latin-1", "replace")


def _reason(status: int) -> str:
    return web.Response(status=status).reason


def _write(request: web.Request, data: bytes) -> None:
    transport = request.transport
    if transport is not None and not transport.is_closing():
        transport.write(data)


async def _drip(request: web.Request, data: bytes, seconds: float) -> None:
    for byte in data:
        _write(request, bytes((byte,)))
        await asyncio.sleep(seconds / len(data))
