"""An open sender, as tasks of asyncio use it and as threads do."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import Future

from pnpc.compile.targets import Payload
from pnpc.library.outcome import SendOutcome

PayloadLike = Payload | str | bytes
HandOver = Callable[[PayloadLike], "Future[SendOutcome]"]
_AT_ONCE = 1_000  # messages of `send_all` that wait for their outcome


class AsyncSending:
    """An open sender in an asyncio program: what `async with pnpc.Sender() as sender` gives."""

    def __init__(self, hand_over: HandOver) -> None:
        """Use `pnpc.Sender`."""
        self._hand_over = hand_over

    async def send(self, payload: PayloadLike) -> SendOutcome:
        """Send a message, and give its outcome. What it takes, does and raises is in `PlainSending.send`."""
        return await asyncio.wrap_future(self._hand_over(payload))

    async def send_all(self, payloads: Iterable[PayloadLike]) -> AsyncIterator[SendOutcome]:
        """Send any number of messages, some hundreds at once; their outcomes, in the order of the payloads. See `send`."""
        waiting: deque[asyncio.Future[SendOutcome]] = deque()
        for payload in payloads:
            waiting.append(asyncio.wrap_future(self._hand_over(payload)))
            if len(waiting) >= _AT_ONCE:
                yield await waiting.popleft()
        while waiting:
            yield await waiting.popleft()


class PlainSending:
    """An open sender in a program with threads, or with one: what `with pnpc.Sender() as sender` gives, and `open`."""

    def __init__(self, hand_over: HandOver, close: Callable[[], None]) -> None:
        """Use `pnpc.Sender`."""
        self._hand_over = hand_over
        self._close = close

    def send(self, payload: PayloadLike) -> SendOutcome:
        """Send a message, and give its outcome when it is known.

        `payload` is what `Spec.fill` or `compile_text` made, or a line of a payload file. A message that is being sent already,
        or that the journal knows, is not sent again: the outcome is that of the one request. A caller that gives up waiting
        does not stop the message.

        Raises BadPayload for what can't be sent this way; SenderFailed if the journal can't be written: then it is not known
        what became of the message, and the journal tells when it can be read again; RuntimeError where the sender is not open.
        """
        return self._hand_over(payload).result()

    def send_all(self, payloads: Iterable[PayloadLike]) -> Iterator[SendOutcome]:
        """Send any number of messages, some hundreds at once; their outcomes, in the order of the payloads. See `send`."""
        waiting: deque[Future[SendOutcome]] = deque()
        for payload in payloads:
            waiting.append(self._hand_over(payload))
            if len(waiting) >= _AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def close(self) -> None:
        """See `Sender.close`."""
        self._close()
