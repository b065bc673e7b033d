"""PNP505 bad-example."""

from collections.abc import Iterator

from pnpc.rules.rule import Rule
from pnpc.spec.checker import Run, compile_schema
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.spec.variables import declaration
from pnpc.text.finding import Finding
from pnpc.text.nodes import Node
from pnpc.text.path import Path


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    for name, node in notice.variables.items():
        declared = declaration(node)
        if declared is None:
            continue
        matches = compile_schema(declared, "variable")
        for key, place, value in _values(notice, ("variables", name)):
            run = Run(json=notice.document.json, expressions=False)
            matches(value, place, run)
            for finding in run.findings:
                if finding.rule == "implicit-value":
                    yield finding
                else:
                    message = finding.message.removeprefix(f"`{key}` ")
                    yield finding._replace(message=f"`{key}` of `{name}` {message}", rule="bad-example")


def _values(notice: Notice, path: Path) -> Iterator[tuple[str, Path, Node]]:
    for key in ("example", "default"):
        node = notice.tree.node((*path, key))
        if node is not None:
            yield key, (*path, key), node


RULE = Rule(
    code="PNP505",
    name="bad-example",
    severity="error",
    summary="A variable's example must be allowed by its own declaration.",
    why="`pnpc compile` without data is filled from the examples, and people copy them.",
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, enum: [午前中, 14-16時], example: «夜»}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
    check=check,
)
