"""`pnpc import`: a request body that is sent today becomes a spec."""

from collections.abc import Iterator
from re import compile as regex

import click

from pnpc.cli.errors import CouldNotRun
from pnpc.cli.new import put, wanted_name
from pnpc.spec import notice
from pnpc.spec.catalog import COUNTRIES
from pnpc.spec.grammar import compiler
from pnpc.text.emit import emit, text
from pnpc.text.members import entries
from pnpc.text.nodes import Document, Mapping, Unreadable, compose
from pnpc.text.source import Source, Span, Undecodable, decode

HELP = """Turn a request body (JSON or YAML) into a spec.

FILE is a request body of LINE's API, `-` standard input; of several documents, or of JSON lines, each becomes a spec.
The recipient (`to`) is left out, the rest stays as it is; put expressions where the data goes.

\b
Examples:
  pnpc import payload.json > notifications/shipment.yaml
  pnpc import payload.json -o notifications/shipment.yaml --name shipment
  curl https://shop.example/last-payload | pnpc import -
"""
_TO = "# `to` is left out: it comes from the table of recipients (pnpc compile --recipients)."
_BRACES = "# Braces in a text are kept as text; write {{ name }} where a variable is meant."
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
    for document in _request_bodies(file):
        chosen = _unused(name or _name_of(document), names)
        specs.append(to_spec(document, chosen, country))
    put(output, "---\n".join(specs), force=force)


def to_spec(document: Document, name: str, country: str) -> str:
    """A request body as the text of a spec."""
    assert isinstance(document.root, Mapping)
    found = entries(document.root)
    body = Mapping("", [pair for name, pair in found.items() if name != "to"], flow_style=False)
    changed: list[str] = []

    def as_text(value: str) -> str:
        plain = value.replace("{{", "{{ '{{' }}")
        if plain != value:
            changed.append(value)
        return plain

    lines = list(emit(body, 2, as_text))
    notes = [_TO] if "to" in found else []
    notes += [_BRACES] if changed else []
    head = ["pnpc: 1", f"name: {text(name)}", f"country: {text(country)}", "message:"]
    return "\n".join([*notes, *head, *lines]) + "\n"


def _request_bodies(file: str) -> list[Document]:
    from pnpc.project.files import read, shown

    try:
        source = decode(file, read(file))
    except Undecodable as error:
        raise CouldNotRun(f"{shown(file)}: {error.reason}") from None
    documents = [one for one in _documents(source) if one.root is not None]
    for one in documents:
        if notice.is_spec(one.root) or not notice.is_payload(one.root):
            what = "a spec already" if notice.is_spec(one.root) else "no request body (`templateKey`, or `messages`)"
            number = f" document {one.number + 1}" if len(documents) > 1 else ""
            raise CouldNotRun(f"{shown(file)}:{number} this is {what}".replace(":  ", ": "))
        _refuse_duplicates(one)
    if not documents:
        raise CouldNotRun(f"{shown(file)}: an empty file")
    return documents


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
            yield next(compose(source))._replace(number=number)
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
    """A key that stands twice has two values: which one is sent today, only the sender knows."""
    from pnpc.project.files import shown

    kind = "template-message" if notice.read(document).kind == "template" else "flexible-message"
    for finding in compiler.check(kind, document, expressions=False):
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
