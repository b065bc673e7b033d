"""The whole function: from the fields of a row to its line of JSON, or to the parts of its payload."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from re import compile as regex
from typing import Any, NamedTuple

from pnpc.compile import targets
from pnpc.compile.fast import slots, variables
from pnpc.compile.fast.code import Code, constant, encoded, joined, shown
from pnpc.compile.fast.texts import NotSure, RowCode
from pnpc.compile.filled.compact import compact
from pnpc.compile.filled.message import FillableMessage, Filled
from pnpc.compile.filled.slots import ValueSlot
from pnpc.compile.tables import phones
from pnpc.compile.tables.phones import BadPhone
from pnpc.compile.tables.records import Variables, unsendable
from pnpc.compile.targets import Recipient, Target
from pnpc.compile.targets.line import Line

# What a row becomes: the recipient's digest, and the line in UTF-8 with its break; None where that is not sure.
Compile = Callable[[list[str], int, int], tuple[str, bytes] | None]
# The same without a line: the id, and the headers, the body and the fallback as JSON (empty where there is none).
CompileParts = Callable[[list[str], int, int], tuple[str, str, str, str] | None]

SIGNATURE = "compile_row(fields, index, line)"
# Marks stand for what a row decides until the request is written as JSON, where they are cut out again.
_MARK, _END = "\ue000", "\ue001"
_MARKED = regex(f'("{_MARK}[0-9]+{_END}")')
_DIGEST = regex(r"[0-9a-f]{64}")


class RequestCode(NamedTuple):
    """What a row decides of a request, as pieces of code that make JSON; that of the fallback is empty where there is none."""

    tag: list[str]
    headers: list[str]
    body: list[str]
    fallback: list[str]


def write(
    message: FillableMessage, declared: Variables, target: Target, country: str | None, columns: tuple[str, ...],
    finish: Callable[[Code, RequestCode], None],
) -> Code | None:  # fmt: skip
    """The function for a table's columns, as code; None for a spec that only the slow way can fill.

    `finish` writes what it returns: see `line_of` and `parts_of`.
    """
    outline = message.outline()
    if outline is None or not isinstance(target, Line) or not declared.is_steady():
        return None
    if not declared.declared.keys().isdisjoint(("recipient", *target.columns)):
        return None  # a suppressed error of the spec: such a name means two things
    code = Code()
    fields = {name: f"row{index}_{name if name.isascii() else ''}" for index, name in enumerate(columns)}
    fields = {
        name: column if column.isidentifier() else f"row{index}" for index, (name, column) in enumerate(fields.items())
    }
    code.leave_unless(f"len(fields) == {len(columns)}")
    code.add(f"{', '.join(fields.values())}, = fields")
    try:
        known = variables.write(code, declared, fields)
        _recipient(code, country, fields)
        row = RowCode(known, "index", "to")
        marks: list[list[str]] = []

        def mark(parts: list[str]) -> str:
            marks.append(parts)
            return f"{_MARK}{len(marks) - 1}{_END}"

        def fill(slot: ValueSlot) -> str:
            return mark(slots.write(code, message, slot, row, declared))

        body, tag, sms = (_filled(shape, fill) for shape in outline)
    except NotSure:
        return None
    to = Recipient("to", mark([constant('"'), shown("to"), constant('"')]))
    headers, whole = target.request(to, Filled(message.kind, body, tag))
    request = compact(headers), compact(whole), "" if sms is None else compact(targets.fallback(sms))
    if "".join(request).count(_MARK) != len(marks) or unsendable("".join(request)):
        return None
    finish(code, RequestCode(*(_parts(text, marks) for text in (compact(tag), *request))))
    return code


def _filled(shape: object, fill: Callable[[ValueSlot], str]) -> Any:
    if isinstance(shape, dict):
        return {name: _filled(value, fill) for name, value in shape.items()}
    if isinstance(shape, list):
        return [_filled(value, fill) for value in shape]
    if isinstance(shape, ValueSlot):
        return fill(shape)
    if shape is None or isinstance(shape, str | int | float):
        return shape
    raise NotSure


def _recipient(code: Code, country: str | None, fields: Mapping[str, str]) -> None:
    """The digest of the phone number, or else the digest that the table has; of both together the slow way judges."""
    phone, to = fields.get("phone"), fields.get("to")
    if to is not None and phone is not None:
        code.leave_unless(f"not ({phone} and {to})")
    if to is not None:
        code.add(f"to = {to}")
        if phone is not None:
            code.add(f"if {phone}:")
            _hashed(code, country, phone)
            code.end()
        code.leave_unless(f"{code.value('digest', _DIGEST.fullmatch)}(to)")
    elif phone is not None:
        _hashed(code, country, phone)
        code.leave_unless("to is not None")
    else:
        raise NotSure


def _hashed(code: Code, country: str | None, phone: str) -> None:
    def digest(text: str) -> str:
        try:
            number = phones.read(text, country)
        except BadPhone:
            return ""
        return "" if number.doubt else number.digest

    code.add(f"number = {code.value('sure', phones.surely(country, mobile=True))}({phone})")
    sha = code.value("sha256", sha256)
    code.add(f"to = {sha}(number.encode()).hexdigest() if number else {code.value('digest', digest)}({phone})")
    code.leave_unless("to")


def _parts(request: str, marks: list[list[str]]) -> list[str]:
    parts: list[str] = []
    for part in _MARKED.split(request):
        if _MARKED.fullmatch(part):
            parts += marks[int(part[2:-2])]
        else:
            parts.append(constant(part))
    return parts


def line_of(target: Target, url: str, origin: Mapping[str, Any], file: str) -> Callable[[Code, RequestCode], None]:
    """Finish with the line of JSON. `origin` is that of the spec's payloads, without the row; `file` names the table.

    The order of keys is that of `Payload`.
    """

    def finish(code: Code, request: RequestCode) -> None:
        _identify(code, request, target, origin)
        before = compact({"target": target.name, "method": target.method, "url": url})[1:-1]
        after = compact({**origin, "row": f"{file}:"})[:-2]
        head = [
            constant('{"id":"'),
            shown("id"),
            constant(f'",{before},"headers":'),
            *request.headers,
            constant(',"body":'),
        ]
        closing = encoded(f',"origin":{after}')
        if joined(request.fallback) != constant(""):
            closing = (
                joined([constant(',"fallback":'), *request.fallback, constant(f',"origin":{after}')]) + ".encode()"
            )
        code.add(f"return to, b''.join(({joined(head)}.encode(), body, {closing}, b'%d\"}}}}\\n' % line))")

    return finish


def parts_of(target: Target, origin: Mapping[str, Any]) -> Callable[[Code, RequestCode], None]:
    """Finish with the parts of a payload that a row decides (see `CompileParts`)."""

    def finish(code: Code, request: RequestCode) -> None:
        _identify(code, request, target, origin)
        code.add(f"return id, {joined(request.headers)}, body.decode(), {joined(request.fallback)}")

    return finish


def _identify(code: Code, request: RequestCode, target: Target, origin: Mapping[str, Any]) -> None:
    """The body in UTF-8, and the id (see `pnpc.compile.targets.identity`)."""
    sha, prefix = code.value("sha256", sha256), constant(targets.prefix(origin, target))
    code.add(f"body = {joined(request.body)}.encode()")
    code.add(f"id = {sha}({joined([prefix, *request.tag])}.encode() + body).hexdigest()[:32]")
