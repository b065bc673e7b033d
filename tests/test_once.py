"""Nothing is worked out twice: a spec is read once a run, a recipient once a row."""

import json
from pathlib import Path

import pytest
from conftest import Here

from pnpc.compile.tables import phones
from pnpc.text import nodes

SPEC = """\
pnpc: 1
name: receipt
country: JP
variables:
  paid_on: {type: string, format: date, example: "2024-08-10"}
message:
  templateKey: payment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: "{{ paid_on | date('long') }}"}
"""


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first characters of each text that libyaml reads."""
    texts: list[str] = []

    class Counted(nodes._Composer):
        def __init__(self, text: str) -> None:
            texts.append(text[:30])
            super().__init__(text)

    monkeypatch.setattr(nodes, "_Composer", Counted)
    return texts


@pytest.mark.parametrize(
    "words", [("check",), ("compile",), ("preview",), ("compile", "--check")], ids=lambda words: " ".join(words)
)  # fmt: skip
def test_a_spec_is_read_once_a_run(here: Here, tmp_path: Path, parsed: list[str], words: tuple[str, ...]) -> None:
    (tmp_path / "a.yaml").write_text(SPEC)
    here(*words, "a.yaml")
    assert parsed == [SPEC[:30]]


def test_a_recipient_is_worked_out_once_a_row(here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers: list[str] = []
    read = phones.read

    def counted(text: str, country: str | None) -> phones.PhoneNumber:
        numbers.append(text)
        return read(text, country)

    monkeypatch.setattr(phones, "read", counted)
    (tmp_path / "a.yaml").write_text(SPEC)
    (tmp_path / "b.yaml").write_text(SPEC.replace("receipt", "other"))
    rows = [{"phone": f"080-0000-123{index}", "paid_on": "2024-08-10"} for index in range(3)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = here("compile", "a.yaml", "b.yaml", "--recipients", "rows.jsonl", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == 2 * len(rows)
    assert numbers == [row["phone"] for row in rows]
