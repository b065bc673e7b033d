"""PNP505 bad-example."""

from collections.abc import Iterator
from typing import Any

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.variables.declared import declarations
from pnpc.line.grammar.run import Run
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding, Place
from pnpc.text.members import members
from pnpc.text.wording import Said, Subject, says

_NESTED = ("array", "object")
_AS_THEY_ARE = ("implicit-value", "not-worked-out")


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    run = Run(json=notice.document.json, expressions=False)
    for name, declared in context.once(notice, declarations).items():
        if declared.check is None or declared.schema is None:
            continue
        written = members(notice.variables[name])
        for key in ("example", "default"):
            if key not in written:
                continue
            run.findings = []
            declared.check(written[key], ("variables", name, key), run)
            if not run.findings and ("format" in declared.schema or declared.schema["type"] in _NESTED):
                yield from _of_format(name, key, declared.schema)
            for finding in run.findings:
                if finding.rule in _AS_THEY_ARE:
                    yield finding
                else:
                    yield finding._replace(message=_of_variable(finding.message, key, name), rule="bad-example")


def _of_variable(message: Said, key: str, name: str) -> Said:
    """The grammar's message about `key`, with the name of the variable."""
    subject = says("`{key}` of `{name}`", key=key, name=name)
    if message.values.get("subject") == Subject((key,)):
        return message.but(subject=subject)
    return says("{subject} {message}", subject=subject, message=message)


def _of_format(name: str, key: str, schema: dict[str, Any]) -> Iterator[Finding]:
    """Texts that are not of their format, which the grammar does not check."""
    from pnpc.language.variables.formats import misfits, wanted  # most variables have no format

    for path, text, format_ in misfits(schema, schema[key], ("variables", name, key)):
        yield Finding(
            Place(path),
            says(
                "`{key}` of `{name}` must be {wanted}; found `{found}`",
                key=key,
                name=name,
                wanted=wanted(format_, text),
                found=text,
            ),
        )


RULE = Rule(
    code="PNP505",
    name="bad-example",
    severity="error",
    summary="A variable's declaration does not allow its own example.",
    why="Without data, `pnpc compile` fills the message from the examples, and people copy them.",
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
        """\
pnpc: 1
name: example
country: JP
variables:
  day: {type: string, format: date, example: «"2024-13-01"»}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: date_002_ja, content: "{{ day | date }}"}
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
