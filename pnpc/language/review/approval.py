"""Approved layouts: what LINE's reviewers saw of a flexible message, and how a spec has changed since.

A layout is the message objects with their expressions as written: everything that is fixed, and which places are
filled. It is kept beside the spec, in `NAME.approved.json`, as JSON with sorted keys, which is easy to read in a diff.
"""

import json
from collections.abc import Iterator
from re import compile as regex
from typing import Any, Literal, NamedTuple

from pnpc.language.expressions.expression import Expression, ExpressionError, split
from pnpc.language.message.context import Approvals, Context
from pnpc.language.message.notice import Notice
from pnpc.language.review.alignment import align
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.finding import Place
from pnpc.text.json import strict as strict_json
from pnpc.text.json.strict import NotJSON
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.values import scalar_value
from pnpc.text.wording import MOST_SHOWN, NOTHING, Said, as_written, says

VERSION = 1
ENDING = ".approved.json"
_NAME = regex(r"[a-z0-9-]{1,100}")  # a spec's name as the grammar has it: it becomes part of a file's name


class Approval(NamedTuple):
    """A review that passed: the reviewer, its id, its date (YYYY-MM-DD), and the layout that was seen, as JSON values."""

    reviewer: str
    review_id: str
    date: str
    layout: Any


class BadApproval(Exception):
    """An approval file that can't be used, and why."""

    def __init__(self, message: Said) -> None:
        super().__init__(message)
        self.message = message


class Drift(NamedTuple):
    """A change since the review. `kind`: `layout` if a fixed part has changed, or which places are filled; `expression` if a
    place is filled by another expression."""

    kind: Literal["layout", "expression"]
    place: Place
    message: Said


class Review(NamedTuple):
    """What is known of a spec's review: the approval's file name; the approval, None if there is none or it can't be
    read (`wrong` says why); and the changes since."""

    file: str
    approval: Approval | None = None
    wrong: Said = NOTHING
    changes: tuple[Drift, ...] = ()

    def words(self) -> Said:
        """The review in words."""
        if self.approval is None:
            return says("no review")
        id_, date, reviewer = self.approval.review_id, self.approval.date, self.approval.reviewer
        return says("review {review} of {date} ({reviewer})", review=id_, date=date, reviewer=reviewer)


def review(notice: Notice, context: Context) -> Review | None:
    """The review of a flexible spec's layout, read once for all rules; None where there is nothing to compare."""
    if context.approvals is None or notice.kind != "flexible":
        return None
    return context.once(notice, _review, context.approvals)


def _review(notice: Notice, approvals: Approvals) -> Review | None:
    """The review, read; None for other documents, and for a spec whose name can't be one."""
    if notice.form != "spec" or notice.kind != "flexible" or notice.name is None:
        return None
    name = notice.name.text
    file = file_name(name)
    if file is None:
        return None  # the grammar refuses such a name
    data = approvals(notice.document.source.name, name)
    if data is None:
        return Review(file)
    try:
        approval = load(data)
    except BadApproval as error:
        return Review(file, wrong=error.message)
    return Review(file, approval, changes=tuple(drift(approval, notice)))


def file_name(name: str) -> str | None:
    """The name of the approval's file for a spec of this name; None for a name that no spec may have."""
    return f"{name}{ENDING}" if _NAME.fullmatch(name) else None


def layout(notice: Notice) -> Any:
    """The layout of a spec: its message objects as JSON values, each expression trimmed to `{{ … }}`."""
    return _value(notice.tree.node((*notice.base, "messages")))


def dump(name: str, approval: Approval) -> str:
    """The text of an approval's file."""
    content = {
        "version": VERSION,
        "name": name,
        "reviewer": approval.reviewer,
        "reviewId": approval.review_id,
        "date": approval.date,
        "layout": approval.layout,
    }
    head = {key: value for key, value in content.items() if key != "layout"}
    lines = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    body = json.dumps(content["layout"], ensure_ascii=False, indent=1, sort_keys=True).replace("\n", "\n ")
    return f'{lines},\n "layout": {body}\n}}\n'


def load(data: bytes) -> Approval:
    """An approval from the bytes of its file. Raises BadApproval."""
    try:
        content = strict_json.read(data)
    except NotJSON as error:
        raise BadApproval(says("it can't be read: {problem}", problem=as_written(str(error)))) from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise BadApproval(says("it is not an approval of version {version}", version=VERSION))
    words = [content.get(key) for key in ("reviewer", "reviewId", "date")]
    if not all(isinstance(word, str) and word for word in words) or not isinstance(content.get("layout"), list):
        raise BadApproval(says("it lacks one of reviewer, reviewId, date, layout"))
    return Approval(str(words[0]), str(words[1]), str(words[2]), content["layout"])


def drift(approval: Approval, notice: Notice) -> Iterator[Drift]:
    """How a spec differs from its approved layout, each change at its place in the YAML, in the order of the text."""
    path = (*notice.base, "messages")
    node = notice.tree.node(path)
    if node is not None:
        yield from _compare(approval.layout, node, path)


def _value(node: Node | None) -> Any:
    if isinstance(node, Mapping):
        return {name: _value(member) for name, member in members(node).items()}
    if isinstance(node, Sequence):
        return [_value(entry) for entry in node.value]
    value = scalar_value(node) if isinstance(node, Scalar) else None
    if not isinstance(value, str) or "{{" not in value:
        return value
    pieces = _pieces(value)
    return "".join(_written(piece) if isinstance(piece, Expression) else piece for piece in pieces)


def _compare(approved: Any, node: Node, path: Path) -> Iterator[Drift]:
    if isinstance(approved, dict) and isinstance(node, Mapping):
        yield from _members(approved, node, path)
    elif isinstance(approved, list) and isinstance(node, Sequence):
        yield from _items(approved, node, path)
    elif isinstance(approved, dict | list) or not isinstance(node, Scalar):
        yield Drift(
            "layout",
            Place(path),
            says("{now} here, approved was {approved}", now=_noun(_value(node)), approved=_noun(approved)),
        )
    else:
        yield from _scalars(_text(approved), _text(scalar_value(node)), path)


def _members(approved: dict[str, Any], node: Mapping, path: Path) -> Iterator[Drift]:
    now = members(node)
    for name in approved.keys() - now.keys():
        yield Drift(
            "layout",
            Place(path),
            says("`{key}` is missing, approved was {approved}", key=name, approved=_noun(approved[name])),
        )
    for name, member in now.items():
        if name in approved:
            yield from _compare(approved[name], member, (*path, name))
        else:
            yield Drift("layout", Place((*path, name), "key"), says("`{key}` is new since the review", key=name))


def _items(approved: list[Any], node: Sequence, path: Path) -> Iterator[Drift]:
    now = [_value(entry) for entry in node.value]
    for then, today in align(approved, now):
        if then is not None and today is not None:
            yield from _compare(approved[then], node.value[today], (*path, today))
        elif today is not None:
            yield Drift("layout", Place((*path, today)), says("{now} is new since the review", now=_noun(now[today])))
        elif then is not None:
            yield Drift(
                "layout",
                Place(path),
                says("{approved} is missing (it was item {item})", approved=_noun(approved[then]), item=then + 1),
            )


def _scalars(approved: str, now: str, path: Path) -> Iterator[Drift]:
    if approved == now:
        return
    then, today = _pieces(approved), _pieces(now)
    fixed = [piece if isinstance(piece, str) else None for piece in today]
    if fixed != [piece if isinstance(piece, str) else None for piece in then]:
        yield Drift(
            "layout",
            Place(path),
            says("`{now}`, approved was `{approved}`", now=_short(now), approved=_short(approved)),
        )
        return
    for old, new in zip(then, today, strict=True):
        if isinstance(old, Expression) and isinstance(new, Expression) and _written(old) != _written(new):
            place = Place(path, "value", (new.start, new.end))
            yield Drift(
                "expression",
                place,
                says("filled by `{now}`, approved was `{approved}`", now=_written(new), approved=_written(old)),
            )


def _pieces(text: str) -> list[str | Expression]:
    try:
        return split(text)
    except ExpressionError:
        return [text]


def _written(expression: Expression) -> str:
    return "{{ " + expression.source.strip() + " }}"


def _text(value: Any) -> str:
    """A scalar as text: `2` and `"2"` are the same layout, because LINE is sent the same where it takes a text."""
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)


def _noun(value: Any) -> Said:
    if isinstance(value, dict):
        type_ = value.get("type")
        return says("`{type}`", type=_short(type_)) if isinstance(type_, str) else says("an object")
    return says("a list") if isinstance(value, list) else says("`{value}`", value=_short(_text(value)))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"
