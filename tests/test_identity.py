"""The `id` names the message: the same in any file, on any line, by any way of compiling; another for another campaign."""

import json
from pathlib import Path

import pytest
from conftest import Here

import pnpc

SPEC = """\
pnpc: 1
name: receipt
country: JP
variables:
  receipt_id: {type: string, pattern: "^[A-Z][0-9]{9}$", example: R000012345}
message:
  templateKey: payment_completed_ja
  body:
    emphasizedItem: {itemKey: number_001_ja, content: "{{ receipt_id }}"}
deliveryTag: "receipt-{{ receipt_id }}"
"""
ROWS = [{"phone": f"0800000123{index}", "receipt_id": f"R00000123{index}"} for index in range(4)]


def table(folder: Path, name: str, rows: list[dict[str, str]]) -> str:
    """A table of rows, in the format that its name asks for."""
    if name.endswith(".csv"):
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    else:
        lines = [json.dumps(row) for row in rows]
    (folder / name).write_text("".join(f"{line}\n" for line in lines))
    return name


def ids(here: Here, *words: str) -> list[str]:
    done = here("compile", *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["id"] for line in done.stdout.splitlines()]


def test_a_message_has_one_id_in_any_table_and_order(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC)
    first = ids(here, "a.yaml", "--recipients", table(tmp_path, "r.csv", ROWS))
    assert len(set(first)) == len(ROWS)
    (tmp_path / "renamed.yaml").write_text(SPEC)
    for words in (
        ("renamed.yaml", "--recipients", table(tmp_path, "shuffled.csv", ROWS[::-1])),
        ("a.yaml", "--recipients", table(tmp_path, "r.jsonl", ROWS[1:] + ROWS[:1])),
        ("a.yaml", "--recipients", "r.csv", "--where", "true"),
        (
            "a.yaml",
            "--recipients",
            table(tmp_path, "more.csv", [*ROWS, {"phone": "08000001240", "receipt_id": "R000012390"}]),
        ),
    ):
        assert set(first) <= set(ids(here, *words)), words


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: receipt", "name: other"),
        ("receipt-{{", "payment-{{"),
        ("number_001_ja", "number_003_ja"),
        ('content: "{{', 'content: "No. {{'),
    ],
)
def test_what_names_the_message_changes_the_id(here: Here, tmp_path: Path, before: str, after: str) -> None:
    rows = table(tmp_path, "r.csv", ROWS)
    (tmp_path / "a.yaml").write_text(SPEC)
    (tmp_path / "b.yaml").write_text(SPEC.replace(before, after))
    assert set(ids(here, "a.yaml", "--recipients", rows)).isdisjoint(ids(here, "b.yaml", "--recipients", rows))


def test_a_campaign_makes_other_messages_by_either_way(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC)
    words = ("a.yaml", "--recipients", table(tmp_path, "r.csv", ROWS))
    plain, march = ids(here, *words), ids(here, *words, "--campaign", "march")
    assert set(plain).isdisjoint(march)
    assert march == ids(here, *words, "--campaign", "march", "--where", "true")
    made = pnpc.compile_text(SPEC, recipients=ROWS, campaign="march")
    assert [payload.id for payload in made if isinstance(payload, pnpc.Payload)] == march
    assert (
        json.loads(here("compile", *words, "--campaign", "march").stdout.splitlines()[0])["origin"]["campaign"]
        == "march"
    )


def test_a_campaign_is_the_same_however_its_kana_are_composed(here: Here, tmp_path: Path) -> None:
    """A Mac's names of files have them apart: the same campaign must not go out twice."""
    (tmp_path / "a.yaml").write_text(SPEC)
    words = ("a.yaml", "--recipients", table(tmp_path, "r.csv", ROWS), "--campaign")
    assert ids(here, *words, "12月が") == ids(here, *words, "12月か\u3099")


@pytest.mark.parametrize("name", [" ", " march", "a\nb", "x" * 65])
def test_a_campaign_has_a_name_that_can_be_read(here: Here, tmp_path: Path, name: str) -> None:
    (tmp_path / "a.yaml").write_text(SPEC)
    done = here("compile", "a.yaml", "--campaign", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert "1 to 64 printable characters" in done.stderr


def test_the_same_row_twice_is_the_same_message(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SPEC)
    first, second = ids(here, "a.yaml", "--recipients", table(tmp_path, "r.csv", [ROWS[0], ROWS[0]]))
    assert first == second
