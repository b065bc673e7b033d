"""`pnpc import`: a request body that is sent today becomes a spec."""

from collections.abc import Iterator
from re import compile as regex

import click

from pnpc.check.message import grammar_of
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.project.new import put, wanted_name
from pnpc.compile.targets.sinch import Sinch
from pnpc.language.message import notice
from pnpc.line.catalog import COUNTRIES
from pnpc.line.grammar import compiler
from pnpc.line.other_bodies import other_body
from pnpc.line.sinch import as_request, base_of, is_for_other_channels
from pnpc.text.document import Document, Mapping, Unreadable
from pnpc.text.emit import emit, text
from pnpc.text.members import entries, members
from pnpc.text.nodes import compose, read_json
from pnpc.text.source import Source, Span, Undecodable, decode

HELP = """Turn a request body (JSON or YAML) into a spec.

FILE is a LINE request body, or a Sinch one with a part for LINE; `-` is standard input. Of several documents, or
of JSON lines, each becomes a spec. The recipient is left out, the message stays as it is; put expressions where the data
goes. What stands around the message in a Sinch body is left out, too, and named in comments.

\b
Examples:
  pnpc import payload.json > notifications/shipment.yaml
  pnpc import payload.json -o notifications/shipment.yaml --name shipment
  pnpc import sinch-body.json | pnpc compile - --target sinch
  curl https://shop.example/last-payload | pnpc import -
"""
_TO = "# `to` is left out: it comes from the table of recipients (pnpc compile --recipients)."
_BRACES = "# Braces in a text are kept as text; write {{ name }} where a variable is meant."
_WRITTEN, _TAG = Sinch.written, Sinch.tag.name
_NO_NAME = regex(r"[^a-z0-9]+")


@click.command("import", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("-o", "--output", metavar="FILE", default="-", help="Write into this file instead of standard output.")
@click.option("--name", help="The spec's name; without it, one made of the template's key.")
@click.option("--country", type=click.Choice(COUNTRIES), default="JP", show_default=True)
@click.option("--force", is_flag=True, help="Overwrite the output file.")
def command(file: str, output: str, name: str | None, country: str, force: bool) -> None:
    """Turn each request body of a file into a spec."""
    if name is not None:
        wanted_name(name)
    specs: list[str] = []
    names: set[str] = set()
    for written in _request_bodies(file):
        document, notes = written, ""
        if notice.form_of(written.root) == "sinch":
            document = _for_line(written)
            notes = "".join(f"{note}\n" for note in _left_out(written))
        chosen = _unused(name or _name_of(document), names)
        specs.append(notes + to_spec(document, chosen, country))
    from pnpc.project.files import is_same, shown

    if "-" not in (output, file) and is_same(output, file):
        raise CouldNotRun(f"{shown(output)} is the request body that is read: -o must name another file")
    put(output, "---\n".join(specs), force=force)


def to_spec(document: Document, name: str, country: str) -> str:
    """A request body as the text of a spec."""
    assert isinstance(document.root, Mapping)
    pairs = entries(document.root)
    body = Mapping("", [pair for name, pair in pairs.items() if name != "to"], flow_style=False)
    changed: list[str] = []

    def as_text(value: str) -> str:
        plain = value.replace("{{", "{{ '{{' }}")
        if plain != value:
            changed.append(value)
        return plain

    lines = list(emit(body, 2, as_text))
    notes = [_TO] if "to" in pairs else []
    notes += [_BRACES] if changed else []
    head = ["pnpc: 1", f"name: {text(name)}", f"country: {text(country)}", "message:"]
    return "\n".join([*notes, *head, *lines]) + "\n"


def _for_line(document: Document) -> Document:
    """The message for LINE in a Sinch body, as a LINE request body."""
    from pnpc.project.files import shown

    request = as_request(document)
    if not isinstance(request.root, Mapping):
        raise CouldNotRun(f"{shown(document.source.name)}: there is no message in the part for LINE")
    return request


def _left_out(document: Document) -> Iterator[str]:
    """Comments on everything in a Sinch body outside the message for LINE."""
    node, names = document.root, []
    for step in base_of(document.root) or ():
        names += [name for name in members(node) if name != step]
        node = members(node).get(str(step))
    ours = [name for name in names if name in _WRITTEN]
    others = [name for name in names if name not in _WRITTEN and name not in ("message_type", _TAG)]
    if ours:
        yield f"# Left out, because `pnpc compile --target sinch` writes it: {', '.join(ours)}."
    if others:
        yield f"# Left out, because pnpc does not write it: {', '.join(map(text, others))}."
    if _TAG in names:
        yield f"# `{_TAG}` is left out: `pnpc compile --target sinch` makes it of the spec's `deliveryTag`."


def _request_bodies(file: str) -> list[Document]:
    from pnpc.project.files import read, shown

    try:
        source = decode(file, read(file))
    except Undecodable as error:
        raise CouldNotRun(f"{shown(file)}: {error.reason}") from None
    documents = [document for document in _documents(source) if document.root is not None]
    for document in documents:
        form = notice.form_of(document.root, named=True)
        if form not in ("request", "sinch"):
            number = f" document {document.number + 1}:" if len(documents) > 1 else ""
            raise CouldNotRun(f"{shown(file)}:{number} this is {_other(document, form)}")
        _refuse_duplicates(document)
    if not documents:
        raise CouldNotRun(f"{shown(file)}: an empty file")
    return documents


def _other(document: Document, form: notice.Form | None) -> str:
    """What a document is that no spec can be made of."""
    if form == "spec":
        return "a spec already"
    if form in ("message", "container"):
        return "a part of a request body; put it under `message.messages` of a spec"
    if is_for_other_channels(document.root):
        return "a Sinch body without a part for LINE"
    other = other_body(document.root)
    if other is not None:
        return f"the body of {other.sends} ({other.reason}), not of a notification message"
    return "not a request body: it has neither `templateKey` nor `messages`"


def _documents(source: Source) -> list[Document]:
    """The documents of a text: YAML's, or those of JSON lines."""
    try:
        return list(compose(source))
    except Unreadable as error:
        lines = [line for line in source.text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.startswith("{") and line.rstrip().endswith("}") for line in lines):
            return list(_json_lines(source.name, lines))
        raise _unreadable(source, error) from None


def _json_lines(name: str, lines: list[str]) -> Iterator[Document]:
    for number, line in enumerate(lines):
        source = Source(name, line)
        try:
            yield read_json(source)._replace(number=number)
        except Unreadable as error:
            raise _unreadable(source, error, number) from None


def _unreadable(source: Source, error: Unreadable, lines_before: int = 0) -> CouldNotRun:
    from pnpc.project.files import shown

    where = error.finding.where
    position = source.position(where.start if isinstance(where, Span) else 0)
    return CouldNotRun(
        f"{shown(source.name)}:{position.line + lines_before}:{position.column}: {error.finding.message}"
    )


def _refuse_duplicates(document: Document) -> None:
    """A key that is set twice has two values: which one is sent today, only the sender knows."""
    from pnpc.project.files import shown

    schema, part = grammar_of(notice.read(document))
    for finding in compiler.check(schema, document, part=part, expressions=False):
        if finding.rule == "duplicate-key" and isinstance(finding.where, Span):
            position = document.source.position(finding.where.start)
            raise CouldNotRun(f"{shown(document.source.name)}:{position.line}:{position.column}: {finding.message}")


def _name_of(document: Document) -> str:
    key = notice.read(document).template_key
    words = key.text.lower() if key else "message"
    for country in COUNTRIES:
        words = words.removesuffix({"JP": "_ja", "TH": "_th", "TW": "_tw"}[country])
    return _NO_NAME.sub("-", words).strip("-")[:90] or "message"


def _unused(name: str, names: set[str]) -> str:
    """A name that no other spec of the file has; noted as used."""
    chosen, number = name, 1
    while chosen in names:
        number += 1
        chosen = f"{name}-{number}"
    names.add(chosen)
    return chosen
