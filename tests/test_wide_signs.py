"""Characters that look like YAML's own: full-width signs, other spaces, and files that are not UTF-8."""

from pathlib import Path

import pytest
from conftest import SPEC, Here

from pnpc.library.check import check_text
from pnpc.text.source import Source
from pnpc.text.yaml.wide_signs import in_key, in_lines


@pytest.mark.parametrize(
    ("before", "after", "said", "place"),
    [
        ("  templateKey", "\u3000templateKey", "an ideographic space (U+3000) in the indentation", (7, 1)),
        ("message:", "message：", "`：` is a full-width colon", (6, 8)),
        ("name: ", "name：", "`：` is a full-width colon", (2, 5)),
        ("pnpc: ", "pnpc： ", "`：` is a full-width colon", (1, 5)),
        ("      - {", "    \u3000\u3000- {", "an ideographic space (U+3000) in the indentation", (10, 5)),
        ("_ja, content", "_ja，content", "`，` is a full-width comma", (10, 36)),
        ("_ja, content", "_ja、 content", "`、` is an ideographic comma", (10, 36)),
        ("      - {", "      － {", "`－` is a full-width hyphen", (10, 7)),
        ('"{{ slot }}"', "“{{ slot }}”", "`“` is a typographic quote", (10, 47)),
        ("message:\n  templateKey: ", "message:\n  templateKey:", "there is no space after this `:`", (7, 14)),
    ],
)
def test_a_line_that_cant_be_read_names_them(before: str, after: str, said: str, place: tuple[int, int]) -> None:
    diagnostics = check_text(SPEC.replace(before, after, 1))
    first = diagnostics[0]
    assert first.message.startswith(said), diagnostics
    assert (first.code, first.range.start) == ("PNP002", place)
    assert first.help


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  body", "\u3000\u3000body", "an ideographic space (U+3000) in the indentation"),
        ("  body", "\u00a0\u00a0body", "a no-break space (U+00A0) in the indentation"),
        ("itemKey: ", "itemKey：", "`：` is a full-width colon"),
    ],
)
def test_a_key_that_holds_one_says_so(before: str, after: str, said: str) -> None:
    """YAML reads such a line as another key."""
    (unknown,) = (one for one in check_text(SPEC.replace(before, after, 1)) if one.code == "PNP101")
    assert unknown.help is not None
    assert unknown.help.startswith(said)


@pytest.mark.parametrize(
    "line",
    [
        "content: お届け：午前",
        'text: "、品名: 本"',
        "a: {b: 一，二}",
        "- 時間：9:00",
        "  key: value\u3000",
        "",
        "品名：本",
    ],
)
def test_japanese_texts_are_no_slips(line: str) -> None:
    assert in_lines(Source("x", line), 1, 1) is None


def test_a_key_in_japanese_is_no_slip() -> None:
    assert in_key("品名") is None


@pytest.mark.parametrize(
    ("text", "codec", "said"),
    [
        ("お届けします", "cp932", "the file looks like shift_jis: save it as UTF-8"),
        ("お届けします", "euc_jp", "the file looks like euc-jp: save it as UTF-8"),
        ("お届けします", "utf-16", "the file is UTF-16: save it as UTF-8"),
        ("\udcff", "utf-8", "byte 0xff is not UTF-8: save it as UTF-8"),
    ],
)
def test_a_spec_in_another_encoding_is_named(tmp_path: Path, here: Here, text: str, codec: str, said: str) -> None:
    errors = "surrogateescape" if codec == "utf-8" else "strict"
    (tmp_path / "spec.yaml").write_bytes(SPEC.replace("午前中", text).encode(codec, errors))
    done = here("check", "spec.yaml", "--format", "concise")
    assert done.returncode == 1
    assert said in done.stdout


def test_a_key_without_a_space_after_its_colon_inside_braces() -> None:
    unknown = [one for one in check_text(SPEC.replace("itemKey: ", "itemKey:", 1)) if one.code == "PNP101"]
    assert [one.help for one in unknown] == ["put a space after the colon: `itemKey: time_range_001_ja`"]


def test_quotes_of_a_text_are_no_slips() -> None:
    assert check_text(SPEC.replace('"{{ slot }}"', '"“{{ slot }}”"')) == []


def test_a_recipient_in_a_spec_is_told_once() -> None:
    (only,) = check_text(SPEC.replace("message:\n", 'message:\n  to: "+818000001234"\n'))
    assert only.code == "PNP217"


def test_a_byte_order_mark_inside_a_file_is_named() -> None:
    (found,) = [one for one in check_text(SPEC + "---\n\ufeff" + SPEC) if one.code == "PNP002"]
    assert found.message == "a byte order mark (U+FEFF) inside the file: two files were joined here"
    assert found.help == "remove it"
