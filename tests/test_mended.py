"""Defects that were found once, each by its symptom."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import SPEC, Here, clean_environment

import pnpc


def codes(text: str) -> list[str]:
    return [one.code for one in pnpc.check_text(text)]


@pytest.mark.parametrize("word", ["null", "~", "Null"])
def test_nobody_is_sent_the_text_null(here: Here, tmp_path: Path, word: str) -> None:
    text = SPEC.replace('"{{ slot }}"', word)
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert here("check", "--fix", "a.yaml").returncode == 1
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == text


def test_a_mended_json_file_is_json(here: Here, tmp_path: Path) -> None:
    body = {"to": "0" * 64, "templateKey": "shipment_completed_ja", "boddy": {"itms": []}}
    (tmp_path / "a.json").write_text(json.dumps(body))
    assert here("check", "--fix", "a.json").returncode == 0
    assert json.loads((tmp_path / "a.json").read_text())["body"] == {"items": []}


def test_a_comment_after_a_key_or_a_number_is_a_comment() -> None:
    assert (
        codes(SPEC.replace("pnpc: 1", "pnpc: 1 #v1").replace("shipment_completed_ja", "shipment_completed_ja #TODO"))
        == []
    )
    item = '{itemKey: time_range_001_ja, content: "{{ slot }}"}'
    cut = SPEC.replace(item, "itemKey: time_range_001_ja\n        content: 注文 #{{ slot }}")
    assert codes(cut) == ["PNP006"]


def test_a_rule_that_is_turned_off_leaves_its_comments_alone(here: Here, tmp_path: Path) -> None:
    text = SPEC + "# pnpc: file-ignore[PNP218] all seen on LINE's page\n"
    text = text.replace("shipment_completed_ja", "some_template_ja")
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    for args in (("--ignore", "PNP218"), ("--select", "PNP8"), ()):
        assert here("check", "--fix", "a.yaml", *args, "--fail-on", "warning").returncode == 0
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == text


def test_many_findings_of_a_rule_that_is_off_are_none(here: Here, tmp_path: Path) -> None:
    one = "pnpc: 1\nname: n{}\ncountry: JP\nmessage: {{templateKey: some_template_ja}}\n"
    (tmp_path / "a.yaml").write_text("---\n".join(one.format(number) for number in range(600)))
    assert here("check", "a.yaml", "--ignore", "PNP218").returncode == 0


@pytest.mark.parametrize("rule", ["yaml-tag", "PNP010", "PNP008", "duplicate-name"])
def test_what_cannot_be_read_cannot_be_held_back(rule: str) -> None:
    text = f"# pnpc: file-ignore[{rule}] because\n" + SPEC.replace('"{{ slot }}"', '!!str "{{ slot }}"')
    assert set(codes(text)) == {"PNP011", "PNP803"}


@pytest.mark.parametrize("chain", ["- ? ", "? - ", "- ", "? ", "- ? - "])
@pytest.mark.parametrize("times", [60, 99, 100, 150, 300, 900, 1500])
def test_chains_of_indicators_are_deep(chain: str, times: int) -> None:
    found = codes("pnpc: 1\nname: x\nx:\n  " + chain * times + "y\n")
    assert found
    if times * len(chain.split()) > 200:
        assert found == ["PNP008"]


@pytest.mark.parametrize("text", ["\ud800", "pnpc: 1\nname: \udfff\n"])
def test_half_a_surrogate_pair_is_told(text: str) -> None:
    assert codes(text) == ["PNP010"]


def test_two_documents_of_one_name_on_standard_input(here: Here) -> None:
    done = here("check", "-", "--format", "concise", input=SPEC + "---\n" + SPEC)
    assert done.returncode == 1
    assert done.stdout == "<stdin>:13:7: PNP107 error the name `shipment` is already taken\n"


@pytest.mark.parametrize(
    "text",
    ['{"pnpc": 1 "name": "a"}', "templateKey: x\n\tto: y\n", '{\n  "templateKey": "x",,\n}', "'pnpc': 1\nname: [\n"],
)
def test_a_broken_text_that_is_ours_is_not_passed_over(here: Here, tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    done = here("check", "--format", "concise")
    assert done.returncode == 1
    assert "PNP00" in done.stdout


def test_an_unknown_target_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="no target 'post'; there is line, sinch"):
        pnpc.compile_text(SPEC, target="post")


# --- files that a fix must not break ---


def fixed(here: Here, folder: Path, text: str) -> str:
    (folder / "f.yaml").write_bytes(text.encode())
    here("check", "--fix", "f.yaml")
    return (folder / "f.yaml").read_bytes().decode()


HEAD = "pnpc: 1\nname: a\ncountry: JP\nmessage:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n"


def test_a_fix_keeps_an_anchor(here: Here, tmp_path: Path) -> None:
    after = fixed(here, tmp_path, HEAD + "      - {&a itemkey: number_001_ja, content: x}\n")
    assert after == HEAD + "      - {&a itemKey: number_001_ja, content: x}\n"


def test_a_fix_keeps_indentation_under_cr_line_ends(here: Here, tmp_path: Path) -> None:
    text = HEAD + "      # pnpc: ignore[PNP204] y\n      - {itemKey: number_001_ja, content: x}\n"
    after = fixed(here, tmp_path, text.replace("\n", "\r"))
    assert after == (HEAD + "      - {itemKey: number_001_ja, content: x}\n").replace("\n", "\r")


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "      - ? itemKey\n        : number_001_ja\n        ? |-\n          contnt\n        : b\n",
        "? {a: b}\n: 1\npnpc: 1\n",
        HEAD + "      - {itemKey: number_001_ja, content: {{a: b}: c}}\n",
    ],
)
def test_a_fix_leaves_alone_what_it_does_not_understand(here: Here, tmp_path: Path, text: str) -> None:
    assert fixed(here, tmp_path, text) == text


# --- expressions ---


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("slot.__class__", "can't stand in an expression"),
        ("- slot -", "are not supported: write `{{ slot }}`"),
        ("slot | truncate", "`truncate` takes length, end in its parentheses"),
        ("slot | truncate(end='x')", "`truncate` takes length, end in its parentheses"),
        ("slot | urlencode(1)", "`urlencode` takes nothing in its parentheses"),
    ],
)
def test_check_finds_what_compile_would(inside: str, message: str) -> None:
    text = "{{" + inside + "}}" if inside.startswith("-") else "{{ " + inside + " }}"
    (found,) = pnpc.check_text(SPEC.replace("{{ slot }}", text))
    assert found.code == "PNP501"
    assert message in found.message


def test_what_cannot_be_worked_out_is_told_in_words() -> None:
    spec = SPEC.replace("{{ slot }}", "{{ slot }}{{ 7 // n }}")
    spec = spec.replace("variables:\n", "variables:\n  n: {type: integer, minimum: 0, maximum: 9, example: 1}\n")
    (row,) = pnpc.compile_text(spec, data={"slot": "a", "n": 0})
    assert isinstance(row, pnpc.BadRow)
    assert row.diagnostics[0].message == "`7 // n` can't be worked out for these values"


def test_thousands_of_mistakes_in_one_text_take_no_time() -> None:
    found = pnpc.check_text(SPEC.replace("{{ slot }}", "{{ nobody }}" * 3000))
    assert len(found) == 500  # those that are told; a note says that there are more


def test_many_slow_patterns_come_to_an_end() -> None:
    slow = "".join(f"  v{n}: {{type: string, pattern: '^(a|a)*{n}$', example: {'a' * 40}}}\n" for n in range(30))
    found = pnpc.check_text(SPEC.replace("variables:\n", "variables:\n" + slow))
    assert sum(one.code == "PNP505" for one in found) == 30


@pytest.mark.parametrize("written", ["\\0", "\\u0007", "\\e[31m", "\\x7F"])
def test_a_control_character_as_an_escape_is_told(written: str) -> None:
    (found,) = pnpc.check_text(SPEC.replace("{{ slot }}", "{{ slot }}" + written))
    assert found.code == "PNP010"


def test_a_number_with_katakana_marks_is_masked(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        SPEC.replace("{type: string, maxLength: 20, example: 午前中}", "{type: string, enum: [q], example: q}"),
        encoding="utf-8",
    )
    done = here(
        "compile",
        "a.yaml",
        "--recipients",
        "-",
        "--recipients-format",
        "csv",
        input="phone,slot\n08000001235,080ー0000ー1234\n",
    )
    assert done.returncode == 1
    assert "0000" not in done.stderr


def test_a_spec_in_utf_16_is_not_passed_over(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(SPEC.encode("utf-16"))
    done = here("check", "--format", "concise")
    assert (done.returncode, done.stdout) == (1, "a.yaml:1:1: PNP001 error the file is UTF-16: save it as UTF-8\n")


# --- files, folders, signals ---


def test_a_report_never_overwrites_a_spec(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC, encoding="utf-8")
    for path in ("a.yaml", "."):
        done = here("check", path, "--output", "json=./a.yaml")
        assert (done.returncode, done.stderr) == (2, "pnpc: --output would overwrite a.yaml, which is to be checked\n")
    assert (tmp_path / "a.yaml").read_text(encoding="utf-8") == SPEC


def test_lines_that_are_no_patterns(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / ".gitignore").write_text("!\n\\\n[z-a]\nx[a--b]\nb.yaml\n")
    (tmp_path / "b.yaml").write_text("pnpc: 1\n")
    done = here("check")
    assert (done.returncode, done.stderr) == (0, "")
    for key in ('exclude = ["{}"]', 'include = ["{}"]', '[per-path]\n"{}" = ["PNP204"]'):
        for pattern in ("!", "[z-a]"):
            (tmp_path / "pnpc.toml").write_text(key.format(pattern) + "\n")
            done = here("check")
            assert done.returncode == 2
            assert f"error[PNP801 bad-config]: `{pattern}` is not a pattern" in done.stderr


def test_patterns_with_many_stars(here: Here, tmp_path: Path) -> None:
    """Each place of each star against each of the others: more tries than anybody can wait for."""
    name = "a" * 200
    for ignored, codes in (
        ("*a" * 30 + "*b", 1),
        ("*a" * 30 + "*.y?ml", 2),
        ("*" * 60 + "z", 1),
        ("*a*" + "*" * 30 + "l", 2),
    ):
        (tmp_path / f"{name}.yaml").write_text("pnpc: 1\n")
        (tmp_path / ".gitignore").write_text(f"{ignored}\n")
        assert here("check").returncode == codes, ignored


def test_links_that_lead_round_in_a_circle(here: Here, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert here("check").returncode == 0


def test_an_output_that_cannot_be_made_is_named(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC, encoding="utf-8")
    done = here("compile", "a.yaml", "-o", "nodir/x")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, "pnpc: can't open nodir/x: no such file or directory")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_nothing_is_left_when_compile_is_told_to_end(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.yaml").write_text(SPEC, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pnpc",
        "compile",
        "a.yaml",
        "--recipients",
        "-",
        "--recipients-format",
        "csv",
        "-o",
        "out.jsonl",
    ]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment()
    )
    assert process.stdin is not None
    process.stdin.write(b"to,slot\n" + b"".join(b"%064d,x\n" % n for n in range(500)))
    process.stdin.flush()
    for _ in range(600):
        if list(tmp_path.glob(".pnpc-*")):
            break
        time.sleep(0.05)
    assert list(tmp_path.glob(".pnpc-*"))
    process.send_signal(getattr(signal, name))
    _, error = process.communicate(timeout=30)
    assert process.returncode == {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130}[name], error
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.yaml"]


_FLEX_OF = """\
pnpc: 1
name: order
country: JP
variables: {{order_id: {{type: string, maxLength: 8, example: A1B2C3D4}}}}
x-shared: &shared
  {shared}
message:
  messages:
    - type: flex
      altText: 発送しました
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - {first}
deliveryTag: order-status-1-{{{{ recipient.index }}}}
"""


@pytest.mark.parametrize(
    ("first", "shared"),
    [
        ('{type: text, text: "\\x7b{ order_idd }}"}', "{type: separator}"),  # braces that an escape writes
        ("*shared", "{type: text, text: '{{ order_idd }}'}"),  # an object that is written elsewhere
        ("{type: box, layout: vertical, contents: [*shared]}", "{type: text, text: '{{ order_idd }}'}"),
        ("{<<: *shared, weight: bold}", "{type: text, text: '{{ order_idd }}'}"),
    ],
)
def test_an_expression_is_found_however_it_is_written(first: str, shared: str) -> None:
    wrong = pnpc.check_text(_FLEX_OF.format(first=first, shared=shared))
    assert [one.message for one in wrong if one.code == "PNP502"] == [
        "no variable `order_idd`; did you mean `order_id`?"
    ]


def test_braces_of_which_none_is_written_as_it_stands_are_an_expression() -> None:
    text = SPEC.replace('"{{ slot }}"', '"\\x7b\\x7b slott }}"').replace("{{", "{ {")
    assert "PNP502" in codes(text)


_MESSAGES = """\
pnpc: 1
name: order
country: JP
variables:
  gift: {type: boolean, example: true}
  order_id: {type: string, maxLength: 8, example: A1B2C3D4}
message:
  messages:
"""
_HERO = "{type: bubble, hero: {type: image, url: 'https://example.com/a.png'}}"
_BODY = "{type: bubble, body: {type: box, layout: vertical, contents: [{type: text, text: a}]}}"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (f"{{<<: {{altText: a}}, type: flex, contents: {_HERO}, contents: {_BODY}}}", {"PNP004", "PNP401"}),
        (f"{{<<: {{altText: a}}, $if: gift, type: flex, contents: {_HERO}, contents: {_BODY}}}", {"PNP004", "PNP401"}),
        (f"{{type: flex, altText: a, <<: {{contents: {_HERO}, contents: {_BODY}}}}}", {"PNP004", "PNP401"}),
        (f"{{$if: gift, type: flex, altText: a, <<: {{contents: {_HERO}, contents: {_BODY}}}}}", {"PNP004", "PNP401"}),
    ],
)
def test_no_merge_hides_what_is_written_twice(message: str, expected: set[str]) -> None:
    assert expected <= set(codes(f"{_MESSAGES}    - {message}\n    - {{type: text, text: '{{{{ order_id }}}}'}}\n"))


@pytest.mark.parametrize("properties", ["", "&a ", "! ", "&a ! ", "! &a "])
@pytest.mark.parametrize(
    "text", ['"a {{ nope }}"', "'a {{ nope }}'", "|\n        a {{ nope }}", ">-\n        a {{ nope }}"]
)
def test_a_place_inside_a_text_is_exact_behind_an_anchor_and_a_tag(properties: str, text: str) -> None:
    spec = f"{_MESSAGES}    - type: text\n      text: {properties}{text}\n"
    (place,) = (one.span for one in pnpc.check_text(spec) if one.code == "PNP502")
    assert spec[place[0] : place[1]] == "nope"


def test_the_depth_that_is_read_depends_on_nothing_else() -> None:
    deep = "[" * 194 + "x" + "]" * 194
    for depth in (190, 197, 198, 199, 200):
        deep = "[" * depth + "x" + "]" * depth
        assert len({"PNP008" in codes(f"{_MESSAGES}    - {deep}\n# {sign}\n") for sign in ("", "!", "&")}) == 1
    assert "PNP008" in codes(f"{_MESSAGES}    - {deep}\n")


def test_a_key_that_is_no_text_shows_nothing_of_python() -> None:
    odd = "{type: text, text: a, more: {? {a: b} : {type: x, type: y}}}"
    assert not any("Node(" in one.message for one in pnpc.check_text(f"{_MESSAGES}    - {odd}\n"))


def test_a_finding_in_a_value_that_counts_stands_there_and_not_in_the_one_before() -> None:
    contents = "{type: bubble, body: {type: box, layout: vertical, contents: [{type: text, text: '{{ nope }}'}]}}"
    spec = f"{_MESSAGES}    - type: flex\n      altText: a\n      contents: {_BODY}\n      contents: {contents}\n"
    (place,) = (one for one in pnpc.check_text(spec) if one.code == "PNP502")
    assert spec[place.span[0] : place.span[1]] == "nope"


@pytest.mark.parametrize("expression", [":²", "gift :²", "a b ²c", ": " + "1" * 5000, "² :", "²"])
def test_a_broken_word_behind_a_mistake_is_no_crash(expression: str) -> None:
    text = f"{_MESSAGES}    - {{type: text, text: '{{{{ {expression} }}}}'}}\n"
    (told,) = (one for one in pnpc.check_text(text) if one.code in ("PNP500", "PNP501", "PNP502"))
    assert text.index("{{") <= told.span[0] < told.span[1] <= text.index("}}") + 2


def test_no_message_repeats_a_whole_text(here: Here, tmp_path: Path) -> None:
    """Whatever a rule quotes, a report holds as much of it as a reader looks at."""
    long = "あ" * 5_000
    (tmp_path / "a.yaml").write_text(
        f"pnpc: 1\nname: a\ncountry: JP\nvariables:\n  day: {{type: string, format: date-time, default: {long}}}\n"
        "message:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n"
        f"      - {{itemKey: number_001_ja{long}, content: a}}\n      - {{itemKey: number_001_ja{long}, content: a}}\n"
        f'    buttons: [{{buttonKey: contact_ja, url: "http://localhost/{long}"}}]\n',
        encoding="utf-8",
    )
    report = json.loads(here("check", "--format", "json").stdout)
    texts = [text for one in report["diagnostics"] for text in (one["message"], one["help"]) if text]
    assert len(texts) > 5
    assert max(map(len, texts)) < 600
