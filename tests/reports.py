"""Reports to try the output formats on: from the engine, by hand, and hostile ones."""

from pnpc import rules
from pnpc.check.engine import check
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.report.report import Report, Summary
from pnpc.rules.listing import ALL
from pnpc.rules.rule import shown, whole
from pnpc.text.finding import Diagnostic, Edit, Fix, Range, Related
from pnpc.text.source import Position, Source, Span
from pnpc.text.wording import as_written

SPEC = """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: 8月10日}
    items:
      - {itemKey: 日付_002_ja, content: 8月10日}
      - {itemKey: date_002_ja, content: 午前}
      - {itemKey: price_001_ja, content: 千円, contnt: 百円}
"""
HOSTILE_NAME = 'a,b:c%0A"<&>\n\r\x00\x1b[31m\u202e\u2028\udcff\ud83d.yaml'
HOSTILE_TEXT = '100% `"<&>]]>\n\r\x00\x1b[2J\x85\u202e\u2066\u2028\udcff\uffff`, ::error::x ##[error]y'


def report_of(*sources: Source, **counts: int) -> Report:
    """What the engine says of some texts."""
    found = tuple(one for source in sources for one in check(source, Context(Catalog()), {}).diagnostics)
    errors = sum(one.severity == "error" for one in found)
    summary = Summary(len(sources), errors, len(found) - errors, **counts)
    return Report(found, summary, {source.name: source for source in sources})


def made(source: Source, span: tuple[int, int], **changes: object) -> Diagnostic:
    """A diagnostic by hand."""
    where = Range(source.position(span[0]), source.position(span[1]))
    one = Diagnostic("PNP204", "duplicate-item", "error", "wrong", source.name, "message.x", where, Span(*span))
    return one._replace(**changes)


def alone(one: Diagnostic, *sources: Source) -> Report:
    """A report of one diagnostic."""
    errors = int(one.severity == "error")
    return Report((one,), Summary(1, errors, 1 - errors), {source.name: source for source in sources})


def examples() -> Report:
    """A report of every rule's bad examples: all that the rules can say."""
    texts = [(listed.code, shown(whole(bad))[0]) for listed in ALL for bad in rules.get(listed.name).bad]
    return report_of(*(Source(f"specs/{code}-{number}.yaml", text) for number, (code, text) in enumerate(texts)))


def hostile() -> Report:
    """A name and texts that try to break out of each format."""
    source = Source(HOSTILE_NAME, f'a: "{HOSTILE_TEXT}"')
    related = Related(HOSTILE_NAME, Range(Position(1, 1), Position(1, 2)), HOSTILE_TEXT)
    other = related._replace(file="::stop-commands::x\n")
    fix = Fix(as_written(HOSTILE_TEXT), (Edit(Span(0, 1), HOSTILE_TEXT),))
    one = made(source, (0, 20), message=HOSTILE_TEXT, related=(related, related, other), help=HOSTILE_TEXT, fix=fix)
    starts = one._replace(file="  ::add-mask::x", severity="warning", path=f"a.{HOSTILE_TEXT}")
    return Report((one, one, starts), Summary(2, 2, 1), {HOSTILE_NAME: source})
