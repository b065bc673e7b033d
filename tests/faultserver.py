"""A server that does to a client what servers and networks do: raw bytes over loopback, every request remembered.

What it does with a request is a list of steps, chosen by a script when the whole request was read (or, with
`at_headers`, when its headers were): bytes to write, seconds to wait, an event to wait for, or one of CLOSE, RESET and
HOLD. It runs in a thread of its own.
"""

import asyncio
import contextlib
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import NamedTuple, Self

CLOSE, RESET, HOLD = "close", "reset", "hold"
Step = bytes | float | str | threading.Event


class Request(NamedTuple):
    """A request, by its number from 1; `tag` is its delivery tag, `again` how often the same body came before."""

    number: int
    connection: int
    path: str
    headers: dict[str, str]
    body: bytes
    again: int

    @property
    def tag(self) -> str:
        return self.headers.get("x-line-delivery-tag", "")


Script = Callable[[Request], Sequence[Step]]


def answer(status: int, body: object = None, *, reason: str = "x", **headers: str) -> list[Step]:
    """A whole answer. `body` is JSON, or bytes as they are."""
    data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    lines = {"content-type": "application/json", "content-length": str(len(data)), "x-line-request-id": "r-1"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return [f"HTTP/1.1 {status} {reason}\r\n{head}\r\n".encode() + data]


def accept(_request: Request) -> list[Step]:
    """LINE's usual answer."""
    return answer(202)


class FaultServer:
    """Serves on a port of its own while it is a context. `script` may be changed at any time."""

    def __init__(
        self, script: Script = accept, *, at_headers: Script | None = None, at_accept: Step | None = None
    ) -> None:
        self.script = script
        self.received: list[Request] = []
        self.at_headers = at_headers
        self.at_accept = at_accept
        self.connections = 0
        self.loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ready = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
        self.loop.close()

    def bodies(self) -> Counter[bytes]:
        """How often each body was received."""
        return Counter(one.body for one in self.received)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._main())

    async def _main(self) -> None:
        self._end = asyncio.Event()
        server = await asyncio.start_server(self._client, sock=self._socket)
        self._ready.set()
        await self._end.wait()
        server.close()
        for writer in list(self._open):
            writer.transport.abort()
        tasks = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        self._open.add(writer)
        try:
            if self.at_accept is not None:
                await self._do([self.at_accept], writer)
                return
            while await self._one(reader, writer, number):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> bool:
        """One request and what is done about it; whether the connection goes on."""
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.split(": ", 1) for line in lines if line)
        headers = {name.lower(): value for name, value in pairs}
        path = first.split(" ")[1]
        if self.at_headers is not None:
            steps = self.at_headers(Request(0, connection, path, headers, b"", 0))
            if steps:
                return await self._do(steps, writer)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        again = self.bodies()[body]
        request = Request(len(self.received) + 1, connection, path, headers, body, again)
        self.received.append(request)
        return await self._do(self.script(request), writer)

    async def _do(self, steps: Sequence[Step], writer: asyncio.StreamWriter) -> bool:
        for step in steps:
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
            elif isinstance(step, float):
                await asyncio.sleep(step)
            elif isinstance(step, threading.Event):
                while not step.is_set():
                    await asyncio.sleep(0.005)
            elif step == HOLD:
                await asyncio.sleep(3600)
            else:
                if step == RESET:
                    linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                return False
        return True


@contextlib.contextmanager
def full_backlog() -> Iterator[str]:
    """An address whose connections are never taken up: packets that ask for one are dropped."""
    with socket.socket() as listening, contextlib.ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
