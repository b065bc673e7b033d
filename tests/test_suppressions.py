"""Comments that suppress findings: every place of the comment, every word for its rules, and what is said of idle ones."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from specs import diagnostics

from pnpc import rules
from pnpc.check.engine import check
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.project.discovery import InputFile
from pnpc.project.run import check_all
from pnpc.project.workspace import Workspace
from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source

# Findings on a line, on two that belong to the same value, at a key, behind a blank line, behind another comment, on the last line.
SPEC = """\
pnpc: 1
name: kept
country: JP
variables:
  idle: {type: string, maxLength: 3, example: A}

message:
  templateKey: shipment_completed_ja
  body:
    items:
      # an item that LINE's page does not list
      - {itemKey: name_011_ja, content: 一}

      - itemKey: name_010_ja
        content: |
          first line

          {{ nobody }}
      - {itemKey: name_010_ja, content: 二, mistake: 三}
"""
REASON = "seen on the page"


def lines_of(diagnostic: Diagnostic, text: str) -> set[int]:
    """The lines (from 1) at which a comment suppresses a finding: its own, and that at which its value starts."""
    lines = {diagnostic.range.start.line}
    if diagnostic.code == "PNP502":
        lines.add(text[: text.index("content: |")].count("\n") + 1)
    return lines


def covered(lines: list[str], at: int) -> set[int]:
    """The lines that a comment on line `at` covers, by what the docs say."""
    if not lines[at - 1].lstrip().startswith("#"):
        return {at}
    below = [
        n for n in range(at + 1, len(lines) + 1) if lines[n - 1].strip() and not lines[n - 1].lstrip().startswith("#")
    ]
    return {at, *below[:1]}


def placements(comment: str) -> list[tuple[str, int]]:
    """The text with the comment on a line of its own above each line and below the last, in each indentation that YAML
    takes; and behind each line. With the number of the comment's line."""
    lines = SPEC.splitlines()
    placed = []
    inside = range(lines.index("        content: |") + 2, lines.index("          {{ nobody }}") + 2)
    for at in range(1, len(lines) + 2):
        if at in inside:
            continue  # text of the block scalar
        placed += [
            ("\n".join([*lines[: at - 1], f"{space}{comment}", *lines[at - 1 :], ""]), at) for space in ("", "  \t")
        ]
    for at, line in enumerate(lines, 1):
        if at not in inside and line.strip() and not line.lstrip().startswith("#"):
            placed.append(("\n".join([*lines[: at - 1], f"{line}  {comment}", *lines[at:], ""]), at))
    return placed


@pytest.mark.parametrize("word", ["PNP218", "undeclared-variable", "PNP101", "PNP204", "unused-variable"])
def test_a_comment_suppresses_what_is_on_its_lines_and_nothing_else(word: str) -> None:
    before = diagnostics(SPEC)
    assert {diagnostic.code for diagnostic in before} == {"PNP101", "PNP204", "PNP218", "PNP502", "PNP503"}
    some = False
    for text, at in placements(f"# pnpc: ignore[{word}] {REASON}"):
        checked = check(Source("x.yaml", text), Context(Catalog()), {})
        found = [diagnostic.code for diagnostic in checked.diagnostics]
        lines = text.splitlines()
        plain = diagnostics(
            "\n".join(line if n != at else line.partition("# pnpc")[0] + "#" for n, line in enumerate(lines, 1))
        )
        kept = [
            diagnostic
            for diagnostic in plain
            if not (word in (diagnostic.code, diagnostic.name) and covered(lines, at) & lines_of(diagnostic, text))
        ]
        held = len(plain) - len(kept)
        assert checked.suppressed == held, text
        assert sorted(found) == sorted([diagnostic.code for diagnostic in kept] + ["PNP802"] * (not held)), text
        some = some or held > 0
    assert some


def test_text_that_reads_like_a_comment_suppresses_nothing() -> None:
    comment = f"# pnpc: file-ignore[PNP204] {REASON}"
    inside = SPEC.replace("          first line\n", f"          {comment}\n")
    glued = SPEC.replace("content: 一}", f"content: 'x{comment}'}}")
    quoted = SPEC.replace("content: 一", f'content: "a {comment}"')
    for text in (inside, glued, quoted):
        assert [diagnostic.code for diagnostic in diagnostics(text)] == [
            diagnostic.code for diagnostic in diagnostics(SPEC)
        ]


@pytest.mark.parametrize(
    "space", ["# pnpc: ignore[PNP204]", "#pnpc:ignore [PNP204]", "#\tpnpc:\tignore\t[ PNP204 , ]\t"]
)
def test_a_comment_may_have_other_spaces(space: str) -> None:
    text = SPEC.replace("mistake: 三}", f"content2: 三}} {space} {REASON}")
    assert "PNP204" not in [diagnostic.code for diagnostic in diagnostics(text)]


ODD = "      - {itemKey: name_011_ja, content: 一}"


def behind(comment: str) -> list[Diagnostic]:
    """What is said of a comment behind the line with PNP218, and of the rest only PNP218."""
    text = SPEC.replace(ODD, f"{ODD} {comment}")
    return [diagnostic for diagnostic in diagnostics(text) if diagnostic.code in ("PNP218", "PNP802", "PNP803")]


WRONG: tuple[tuple[str, str, str | None], ...] = (
    ("# pnpc: ignore", "a suppression must name its rules", "write `# pnpc: ignore[PNP218] reason`"),
    ("# pnpc: ignore[ , ] why", "a suppression must name its rules", "write `# pnpc: ignore[PNP218] reason`"),
    ("# pnpc: ignore[PNP218]", "a suppression must give a reason", "write `# pnpc: ignore[PNP218] reason`"),
    ("# pnpc: ignore[PNP218, unlistd-key] why", "no rule `unlistd-key`; did you mean `unlisted-key`?", "`pnpc rules` lists them"),
    ("# pnpc: ignore[P] why", "no rule `P`", "`pnpc rules` lists them"),
    ("# pnpc: ignore[not-utf-8] why", "`not-utf-8` can't be suppressed", None),
    ("# pnpc: ignore[unused-suppression] why", "`unused-suppression` can't be suppressed", None),
    ("# pnpc: ignore[video] why", "`video` can't be suppressed", "`media-hosts` in the config allows pictures that LINE itself supplies"),
)  # fmt: skip


@pytest.mark.parametrize(("comment", "message", "help"), WRONG)
def test_a_comment_with_a_mistake_suppresses_nothing(comment: str, message: str, help: str | None) -> None:
    wrong, kept = sorted(behind(f"{comment}  "), key=lambda diagnostic: diagnostic.code, reverse=True)
    assert (wrong.code, wrong.message, wrong.help, wrong.fix) == ("PNP803", message, help, None)
    assert kept.code == "PNP218"
    assert wrong.range.end.column - wrong.range.start.column == len(comment)


def test_of_several_words_those_that_suppress_nothing_are_named() -> None:
    """By the words as they are written; the comment can be removed only where all of them are idle."""
    assert behind(f"# pnpc: ignore[PNP218] {REASON}") == []
    (idle,) = behind(f"# pnpc: ignore[PNP1, unlisted-key, PNP204, video-length] {REASON}".replace(", video-length", ""))
    assert (idle.code, idle.message, idle.fix) == ("PNP802", "nothing here to suppress for `PNP1`, `PNP204`", None)
    two, kept = sorted(
        behind(f"# pnpc: ignore[PNP204, PNP204, PNP1] {REASON}"), key=lambda diagnostic: diagnostic.code, reverse=True
    )
    assert (two.message, kept.code) == ("nothing here to suppress for `PNP204`, `PNP1`", "PNP218")
    assert two.fix is not None
    ((where, text, *_),) = two.fix.edits
    assert text == ""
    assert len(f" # pnpc: ignore[PNP204, PNP204, PNP1] {REASON}") == where.end - where.start  # type: ignore[union-attr]


def test_a_group_of_rules_may_hold_some_that_are_never_suppressed() -> None:
    """`PNP8` begins the codes of rules about comments, too; the code of a single rule must be allowed."""
    assert [diagnostic.code for diagnostic in behind(f"# pnpc: ignore[PNP2] {REASON}")] == []
    assert [diagnostic.message for diagnostic in behind(f"# pnpc: ignore[PNP8] {REASON}")][-1:] == [
        "nothing here to suppress for `PNP8`"
    ]


@pytest.mark.parametrize("place", ["line", "file"])
def test_a_comment_about_what_rows_bring_is_not_called_idle(place: str) -> None:
    """Where an expression stands a row may break a rule that judges rows: only `pnpc compile` knows."""
    word = {"line": "# pnpc: ignore[{}] rows do it", "file": "# pnpc: file-ignore[{}] rows do it"}[place]
    of_rows, of_specs = "doubtful-url", "bad-name"
    assert (rules.judges_rows(of_rows), rules.judges_rows(of_specs)) == (True, False)
    text = SPEC.replace(
        "  - {itemKey: name_010_ja, content: 二, mistake: 三}",
        "  - {itemKey: name_010_ja, content: '{{ idle }}'}  COMMENT",
    )

    def idle(comment: str, source: str = text) -> bool:
        return "PNP802" in [diagnostic.code for diagnostic in diagnostics(source.replace("COMMENT", comment))]

    assert not idle(word.format(of_rows))
    assert not idle(word.format(f"{of_specs}, {of_rows}").replace(f"{of_specs}, ", ""))
    assert idle(word.format(of_specs))
    without = text.replace("'{{ idle }}'", "二").replace("{{ nobody }}", "nobody")
    assert idle(word.format(of_rows), without)
    elsewhere = text.replace("'{{ idle }}'", "二")
    assert idle(word.format(of_rows), elsewhere) == (place == "line")


def test_json_has_no_comments() -> None:
    text = '{"templateKey": "shipment_completed_ja", "body": {"items": [{"itemKey": "x", "content": "y"}]}} # pnpc: ignore y'
    assert [diagnostic.code for diagnostic in diagnostics(text, "x.json") if diagnostic.code == "PNP803"] == []
    assert [diagnostic.code for diagnostic in diagnostics(text, "x.jsonl") if diagnostic.code == "PNP803"] == []
    assert [diagnostic.code for diagnostic in diagnostics(text, "x.yaml") if diagnostic.code == "PNP803"] == ["PNP803"]


FRAGMENT = "type: text\ntext: x\n{behind}\nsise: xl\n"
INCLUDING = """\
pnpc: 1
name: with-fragments
country: JP
message:
  messages:
    - type: flex
      altText: x
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - {$include: a_fragment.yaml}
            - {$include: b_fragment.yaml}
            - {type: text, text: z, sise: xl}
"""


@pytest.fixture
def told_of(tmp_path: Path) -> Callable[..., list[tuple[str, str]]]:
    """The unknown keys of a spec and its two fragments: the file, and the code."""

    def told(spec: str, a: str, b: str) -> list[tuple[str, str]]:
        (tmp_path / "pnpc.toml").touch()
        for name, text in (("spec.yaml", spec), ("a_fragment.yaml", a), ("b_fragment.yaml", b)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        result = check_all([InputFile(str(tmp_path / "spec.yaml"), named=True)], Workspace())
        return [
            (os.path.basename(diagnostic.file), diagnostic.code)
            for diagnostic in result.diagnostics
            if diagnostic.code == "PNP101"
        ]

    return told


def test_a_comment_in_a_fragment_covers_that_file_alone(told_of: Callable[..., list[tuple[str, str]]]) -> None:
    """And is not called idle: it may be for another spec that includes the file."""
    plain = FRAGMENT.format(behind="")
    all_three = [("spec.yaml", "PNP101"), ("a_fragment.yaml", "PNP101"), ("b_fragment.yaml", "PNP101")]
    assert told_of(INCLUDING, plain, plain) == all_three
    comment = f"# pnpc: file-ignore[PNP101] {REASON}"
    for with_it in (
        f"{comment}\n{plain}",
        FRAGMENT.format(behind=comment),
        f"{plain}{comment}",
        f"{plain}\n\n{comment}\n",
    ):
        assert told_of(INCLUDING, with_it, plain) == [all_three[0], all_three[2]]
        assert told_of(INCLUDING, plain, with_it) == all_three[:2]
    assert told_of(f"{comment}\n{INCLUDING}", plain, plain) == all_three[1:]
    idle = FRAGMENT.format(behind=f"# pnpc: ignore[PNP204] {REASON}")
    assert told_of(INCLUDING, idle, plain) == all_three


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r", "\r\n"])
def test_a_comment_at_the_end_of_a_file_covers_nothing_of_the_next(
    told_of: Callable[..., list[tuple[str, str]]], end: str
) -> None:
    first_line = "sise: xl\ntype: text\ntext: x\n"
    comment = f"# pnpc: {{}}[PNP101] {REASON}"
    for form in ("ignore", "file-ignore"):
        with_it = f"type: text\ntext: x\n{comment.format(form)}{end}"
        assert told_of(INCLUDING, with_it, first_line) == [("spec.yaml", "PNP101"), ("b_fragment.yaml", "PNP101")]
        spec = f"{INCLUDING.replace(', sise: xl', '')}{comment.format(form)}{end}"
        assert told_of(spec, first_line, first_line) == [("a_fragment.yaml", "PNP101"), ("b_fragment.yaml", "PNP101")]


def test_the_fix_of_an_idle_comment_ends_with_its_file(tmp_path: Path) -> None:
    """Not with the line break that stands between the spec and its fragment in the joined text."""
    spec = f"{INCLUDING}# pnpc: ignore[PNP204] {REASON}"
    for name in ("a_fragment.yaml", "b_fragment.yaml"):
        (tmp_path / name).write_text("type: text\ntext: x\n", encoding="utf-8")
    (tmp_path / "spec.yaml").write_text(spec.replace(", sise: xl", ""), encoding="utf-8")
    result = check_all([InputFile(str(tmp_path / "spec.yaml"), named=True)], Workspace())
    (idle,) = [diagnostic for diagnostic in result.diagnostics if diagnostic.code == "PNP802"]
    assert idle.fix is not None
    ((where, _, *_),) = idle.fix.edits
    assert where.end == len(spec.replace(", sise: xl", ""))  # type: ignore[union-attr]
