"""Payloads as text: JSON lines for machines, a JSON array and curl commands for people. Streamed."""

import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping

from pnpc.compile.targets import TARGETS, Payload


def jsonl(payloads: Iterable[Payload]) -> Iterator[str]:
    """One JSON object a line."""
    for payload in payloads:
        yield payload.line() + "\n"


def json_array(payloads: Iterable[Payload]) -> Iterator[str]:
    """One JSON array, indented."""
    before = "[\n"
    for payload in payloads:
        text = json.dumps(payload.value(), ensure_ascii=False, indent=2).replace("\n", "\n  ")
        yield f"{before}  {text}"
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def curl(payloads: Iterable[Payload]) -> Iterator[str]:
    """One command a payload for a POSIX shell; the token comes from the environment when it runs.

    No `--retry` and no `--location`: a request that is sent again can notify a person twice.
    """
    for payload in payloads:
        headers = [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in payload.headers.items()]
        headers.append(TARGETS[payload.target].secrets[0].curl())
        parts = ["curl --fail-with-body -sS -X", payload.method, shlex.quote(payload.url), *headers]
        yield " ".join([*parts, "--data-raw", shlex.quote(payload.text)]) + "\n"


FORMATS: Mapping[str, Callable[[Iterable[Payload]], Iterator[str]]] = {"jsonl": jsonl, "json": json_array, "curl": curl}
