"""PNP535 not-worked-out."""

from pnpc.rules.rule import Rule

RULE = Rule(
    code="PNP535",
    name="not-worked-out",
    severity="warning",
    summary="Something that pnpc could not judge within the work that one run may do.",
    why=(
        "A short pattern or declaration can ask for hours of work, such as a repeated group inside a repeated group, or "
        "loops inside loops. A run does a bounded amount of it, and says here what it has not judged; a compile judges "
        "each row again."
    ),
    source="the spec format of pnpc",
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, pattern: "^[a-z]+$", maxLength: 40, example: morning}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
    tried_by="test_allowance.py::test_what_the_allowance_leaves_open_is_told",
)
