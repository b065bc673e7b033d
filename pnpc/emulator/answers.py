"""LINE's answers: a status, a JSON body, headers. The wordings are data, `schemas/answers.json`."""

import json
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any, NamedTuple

from pnpc.data import read_json


class Answer(NamedTuple):
    """An answer before its request ID; `headers` are those beside Content-Type."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class Detail(NamedTuple):
    """One of the `details`: what is wrong, and with which property (empty where LINE names none)."""

    message: str
    property: str


@lru_cache(maxsize=1)
def wordings() -> dict[str, Any]:
    """The contents of `schemas/answers.json`."""
    data: dict[str, Any] = read_json("schemas", "answers.json")
    return data


def whole(
    name: str, details: Sequence[Detail] = (), *, headers: tuple[tuple[str, str], ...] = (), **words: object
) -> Answer:
    """An answer of a name under `whole`, with `words` put into its message. Raises KeyError for an unknown name."""
    form = wordings()["whole"][name]
    content: dict[str, Any] = {"message": form["message"].format(**words)}
    if details:
        content["details"] = [
            detail._asdict() if detail.property else {"message": detail.message} for detail in details
        ]
    return Answer(form["status"], _bytes(content), headers)


def of_status(status: int, message: str | None, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """An answer of any status; without a message LINE's own for it, if it has one."""
    if message is None:
        messages = (wording["message"] for wording in wordings()["whole"].values() if wording["status"] == status)
        message = next((message for message in messages if "{" not in message), "")
    return Answer(status, _bytes({"message": message} if message else {}), headers)


def accepted(status: int) -> Answer:
    """The answer to a message that is taken: `{}`."""
    return Answer(status, b"{}")


def counted(status: str, success: int | None = None) -> Answer:
    """The answer to a question for a day's count: `ready` with the number, `unready` or `out_of_service` without."""
    return of_content({"status": status} if success is None else {"status": status, "success": success})


def of_content(content: dict[str, Any]) -> Answer:
    """The answer to a question: 200 with JSON."""
    return Answer(HTTPStatus.OK, _bytes(content))


def _bytes(content: dict[str, Any]) -> bytes:
    """JSON; a lone surrogate, which came in a header or a body, becomes an escape, as JSON has it."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
