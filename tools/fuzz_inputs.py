"""Inputs for `tools/fuzz.py`: specs, bodies, tables, configs and other files of pnpc, whole by their grammar, then broken.

An input is made of its number and a seed, and of nothing else: it can be made again anywhere.
"""

import gzip
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from fuzz_values import NUMBERS, WORDS, body, mutated, sound_body, sound_spec, spec, text, value, word

from pnpc.deliver.journal.keys import key_of
from pnpc.deliver.journal.statements import SQLITE_TABLES, schema

SPLICES = [
    b"{{", b"}}", b"&a ", b"*a", b"\t", b"- ", b"? ", b": ", b"\x00", b"\xff", b"|\n", b">\n", b"'", b'"', b"#", b"!!x ", b"---\n", b"...\n", b"\xe2\x80\xa8",
    b"<<: ", b"[", b"]", b"{", b"}", b",", b"\r", b"\n", b"\xef\xbb\xbf", b"\xed\xa0\xbd", b"%YAML 1.1\n", b"1e999", b"9" * 400, b"\\u", b"\\ud800", b"=", b"[[a]]\n",
]  # fmt: skip


class Input(NamedTuple):
    """Command lines, and the files that are there when the first of them runs; the first file is the one that was broken.

    Inputs of a `batch` run together, in one call of each command for all of them: one broken file must not spoil
    another, and it is faster. `{}` is the file's name.
    """

    entry: str
    commands: tuple[tuple[str, ...], ...]
    files: dict[str, bytes]
    stdin: bytes = b""
    batch: bool = False


def make(seed: int, number: int, entries: tuple[str, ...]) -> Input:
    """The input of a number."""
    chance = Random(f"{seed}:{number}")
    return ENTRIES[chance.choice(entries)](chance)


# --- texts ---


def _yaml(value: Any, chance: Random, indent: int = 0) -> str:
    """Block YAML of a value; scalars as JSON writes them, or plain."""
    space = "  " * indent
    if isinstance(value, dict) and value and chance.random() < 0.9:
        return "".join(
            f"\n{space}{_scalar(key, chance)}: {_yaml(one, chance, indent + 1)}" for key, one in value.items()
        )
    if isinstance(value, list) and value and chance.random() < 0.9:
        return "".join(f"\n{space}- {_yaml(one, chance, indent + 1).lstrip()}" for one in value)
    return _scalar(value, chance)


def _scalar(value: Any, chance: Random) -> str:
    if isinstance(value, str) and chance.random() < (0.6 if value.isidentifier() else 0.02):
        return value
    return json.dumps(value, ensure_ascii=chance.random() < 0.2)


def _written(value: Any, chance: Random, *, json_only: bool = False) -> bytes:
    text = (
        json.dumps(value, ensure_ascii=False)
        if json_only or chance.random() < 0.2
        else _yaml(value, chance).lstrip() + "\n"
    )
    return text.encode("utf-8", "surrogatepass")


def _broken(data: bytes, chance: Random) -> bytes:
    """A text as it is, or with some of its bytes changed, cut, doubled or replaced."""
    if chance.random() < 0.25:
        return data
    found = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(7):
            case 0 if found:
                found[at % len(found)] = chance.randrange(256)
            case 1:
                del found[at : at + chance.randint(1, 20)]
            case 2:
                found[at:at] = found[at : at + chance.randint(1, 60)]
            case 3 | 4:
                found[at:at] = chance.choice(SPLICES)
            case 5:
                found[at:at] = word(chance).encode("utf-8", "surrogatepass")
            case 6 if chance.random() < 0.04:
                found[at:at] = chance.choice(SPLICES) * chance.choice([50, 400, 3000])
            case _:
                found = found[:at] if chance.random() < 0.2 else found
    return bytes(found)


def _noise(chance: Random) -> bytes:
    """Bytes of chance, or words and splices one after the other."""
    if chance.random() < 0.5:
        return chance.randbytes(chance.choice([0, 1, 2, 3, 8, 40, 300, 2000]))
    pieces = [*SPLICES, *(one.encode("utf-8", "surrogatepass") for one in WORDS)]
    return b"".join(chance.choice(pieces) for _ in range(chance.randrange(40)))


def _any(data: bytes, chance: Random) -> bytes:
    """A file's content broken, or seldom nothing but noise."""
    return _noise(chance) if chance.random() < 0.08 else _broken(data, chance)


@cache
def _starters() -> list[bytes]:
    """The starter specs and examples of the project, with comments and flow style as people write them."""
    root = Path(__file__).parents[1]
    return [
        file.read_bytes()
        for folder in ("templates/specs", "examples")
        for file in sorted((root / folder).rglob("*.yaml"))
    ]


def _table(chance: Random) -> bytes:
    columns = ["phone", "slot", "total", "day", "flag", "lines"]
    chance.shuffle(columns)
    cells = [
        "08000001234",
        "+818000001234",
        "a",
        "1",
        "1e400",
        "2026-12-01",
        "true",
        "[]",
        '"',
        "=1+1",
        "٠",
        "",
        "\x00",
        "９",
        *WORDS[:30],
    ]
    if chance.random() < 0.3:
        rows = [
            json.dumps({name: chance.choice([*cells, *NUMBERS]) for name in columns})
            for _ in range(chance.randrange(6))
        ]
        return "\n".join(rows).encode("utf-8", "surrogatepass")
    delimiter = chance.choice([",", ",", ",", ";", "\t"])
    lines = [delimiter.join(columns)] + [
        delimiter.join(chance.choice(cells) for _ in columns) for _ in range(chance.randrange(6))
    ]
    return chance.choice(["\n", "\r\n", "\r"]).join(lines).encode("utf-8", "surrogatepass")


def _config(chance: Random) -> bytes:
    lines = []
    for name in (
        "country",
        "catalogs",
        "media-hosts",
        "select",
        "ignore",
        "include",
        "exclude",
        "fail-on",
        "baseline",
        "[severity]",
        "[per-path]",
        "x",
    ):
        if chance.random() < 0.25:
            value = chance.choice(
                [
                    '"JP"',
                    '["*.json"]',
                    '["**/x"]',
                    '["PNP2"]',
                    '"../x"',
                    "1",
                    "inf",
                    "[[]]",
                    "{a = 1}",
                    "1979-05-27",
                    json.dumps(chance.choice(WORDS)),
                ]
            )
            lines.append(f"{name}\nPNP204 = {value}" if name[0] == "[" else f"{name} = {value}")
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _layout(chance: Random, layout: Any) -> bytes:
    content = {
        "version": 1,
        "name": "shipment",
        "reviewer": "LINE",
        "reviewId": "X-1",
        "date": "2026-11-01",
        "layout": layout,
    }
    return _written(mutated(content, chance, 2) if chance.random() < 0.6 else content, chance, json_only=True)


def _scenario(chance: Random) -> bytes:
    fault = {
        "type": chance.choice(["reset-after-read", "status", "slow", "x"]),
        "status": chance.choice([503, *NUMBERS]),
        "when": {"every": 100, "chance": 0.1},
    }
    content = {
        "scenario": 1, "seed": chance.choice(NUMBERS), "settings": {"rate": chance.choice(NUMBERS), "redelivery": True, "order": ["x"]},
        "people": [{"to": "0" * 64, "is": chance.choice(["consents", "ok", "x"]), "after": chance.choice(NUMBERS)}], "faults": [fault],
    }  # fmt: skip
    return _written(mutated(content, chance), chance)


def _ignored(chance: Random) -> bytes:
    lines = [
        "*.yaml",
        "!a.yaml",
        "/sub/",
        "**/",
        "**",
        "a[",
        "[!a",
        "\\",
        "#",
        "\\#",
        " ",
        "a/**/b",
        "!",
        "[z-a]",
        "*" * 60,
        "{a,b}",
        "[[:alpha:]]",
        "\x00",
    ]
    return "\n".join(chance.choice([*lines, word(chance)]) for _ in range(chance.randrange(8))).encode(
        "utf-8", "surrogatepass"
    )


@cache
def _parquet(kind: int) -> bytes:
    """A small table in Parquet; empty where pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        return b""
    columns = {
        "phone": ["08000001234", "x"],
        "slot": ["午前中", None],
        "total": [3, -1],
        "day": ["2026-12-24", ""],
        "flag": [True, False],
        "lines": [[{"name": "a"}], []],
    }
    file = BytesIO()
    parquet.write_table(pyarrow.table(columns), file, compression=("none", "snappy", "zstd")[kind])
    return file.getvalue()


def _catalog(chance: Random) -> bytes:
    content = {
        "catalog": 1,
        "country": "JP",
        "items": {
            "complete": chance.choice([True, False, 1]),
            "total": chance.choice(NUMBERS[:9]),
            "keys": {"a_001_ja": {"label": text(chance)}},
        },
    }
    return _written(content, chance)


def _baseline(chance: Random) -> bytes:
    entry = {
        "file": chance.choice(["a.yaml", 1, None]),
        "code": "PNP204",
        "path": text(chance),
        "count": chance.choice(NUMBERS),
    }
    return _written({"version": 1, "findings": [entry]}, chance, json_only=True)


def _list(chance: Random) -> bytes:
    rows = [("Key", "Name"), ("time_range_001_ja", "時間帯"), (chance.choice(WORDS), chance.choice(WORDS))]
    shape = chance.choice(["{}\t{}", "| {} | {} |", "{},{}", "<tr><td>{}<td>{}"])
    return "\n".join(shape.format(*row) for row in rows).encode("utf-8", "surrogatepass")


def _payload(chance: Random) -> bytes:
    one = {
        "id": "id-1", "target": "line", "method": "POST", "url": "https://api.line.me/v2/bot/message/pnp/templated/push",
        "headers": {"Content-Type": "application/json"}, "body": sound_body(chance) if chance.random() < 0.7 else body(chance), "origin": value(chance),
    }  # fmt: skip
    if chance.random() < 0.4:
        one[chance.choice(list(one))] = value(chance)
    data = (json.dumps(one) + "\n").encode() * chance.randrange(3)
    return gzip.compress(data) if chance.random() < 0.1 else data


_ODD = (None, "x", 1e300, b"\xff", -1, 2**62, "\x00", "")  # values that a journal's column does not hold, or seldom
_SHAPE_KEYS = (
    "{}",
    "[]",
    '{"items": 3}',
    '{"items": [[]]}',
    "x",
    '{"templateKey": {}}',
    '{"templateKey": "shipment_completed_ja"}',
)


def _journal_rows(chance: Random) -> Iterator[tuple[str, list[Any]]]:
    """Rows for the tables of a journal: of a run that sent some messages. Some hold an odd value."""
    at, count = 1_700_000_000_000, chance.randrange(4)
    yield "journal", [1, "abcdef012345", "salt", at, chance.choice((0, count))]
    yield "addresses", [1, "line", "https://api.line.me"]
    yield "runs", [1, 1, "p.jsonl", "d" * 64, count, 1, None, "0" * 16, "1", at]
    yield "files", [1, 0, "d" * 64]
    yield (
        "shapes",
        [1, "POST", "https://api.line.me/v2/bot/message/pnp/templated/push", "shipment", chance.choice(_SHAPE_KEYS)],
    )
    for number in range(1, count + 1):
        yield "ids", [number, 1, f"id-{number}", chance.choice((None, number))]
        yield "keys", [chance.randrange(3), key_of(f"id-{number}"), number]
        yield "intents", [number, 1, number, 1, number, f"tag-{number}", f"orders.csv:{number}", 1, at]
        outcome, reason = (
            chance.choice(("accepted", "refused", "unknown")),
            chance.choice(("accepted", "request", "odd")),
        )
        yield "results", [number, outcome, reason, 202, None, text(chance), at, 80, None, None]
        if chance.random() < 0.3:
            yield "events", [f"event-{number}", f"tag-{number}", at, at, None, 0, None]
            yield "settled", [number, "not_sent", text(chance), at]
    yield "listeners", [1, at, at, None]
    if chance.random() < 0.7:
        yield "ends", [1, count, 0, 0, 0, count, at]


def _journal(chance: Random) -> bytes:
    odd_rows = chance.random() < 0.5
    with NamedTemporaryFile() as file:
        database = sqlite3.connect(file.name)
        database.executescript(schema(SQLITE_TABLES))
        for table, row in _journal_rows(chance):
            if odd_rows and chance.random() < 0.2:
                row[chance.randrange(len(row))] = chance.choice(_ODD)
            if not odd_rows or chance.random() < 0.95:
                with suppress(sqlite3.IntegrityError, UnicodeEncodeError):  # what no journal can hold
                    database.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
        database.commit()
        database.close()
        data = bytearray(file.read())
    for _ in range(chance.choice([0, 0, 1, 3, 200])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randrange(len(data))]) if chance.random() < 0.15 else bytes(data)


# --- entries ---


def _any_spec(chance: Random) -> bytes:
    """The text of a spec for a command that is broken by another file: it mostly passes the check."""
    kind = chance.random()
    made = sound_spec(chance) if kind < 0.8 else mutated(sound_spec(chance), chance) if kind < 0.9 else spec(chance)
    return _written(made, chance)


def _message_file(chance: Random) -> tuple[str, bytes]:
    is_json = chance.random() < 0.2
    name = "a.json" if is_json else "a.yaml"
    kind = chance.random()
    if kind < 0.05:
        return name, _noise(chance)
    if kind < 0.08:
        return "a.yaml", _broken(chance.choice(_starters()), chance)
    if kind < 0.2:
        made = spec(chance) if chance.random() < 0.7 else body(chance)
        return name, _broken(_written(made, chance, json_only=is_json), chance)
    made = sound_spec(chance) if chance.random() < 0.85 else sound_body(chance)
    if kind < 0.55:
        made = mutated(made, chance)
    data = _written(made, chance, json_only=is_json)
    return name, (_broken(data, chance) if kind < 0.3 or 0.55 < kind < 0.75 else data)


FORMATS = ["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson"]


def _messages(chance: Random) -> Input:
    name, data = _message_file(chance)
    more = chance.choice([(), (), (), ("--format", "json"), ("--format", "curl"), ("--target", "sinch")])
    commands = (
        ("check", "--format", chance.choice(FORMATS), "{}"),
        ("compile", *more, "{}"),
        ("check", chance.choice(["--fix", "--fix", "--diff"]), "--format", "concise", "{}"),
    )
    return Input("messages", commands, {name: data}, batch=True)


def _tables(chance: Random) -> Input:
    data = _any(_table(chance), chance)
    kind = chance.choice(["csv", "jsonl"])
    command = ("compile", "s.yaml", "--recipients", "t", "--recipients-format", kind)
    return Input("tables", (command,), {"t": data, "s.yaml": _any_spec(chance)})


def _parquets(chance: Random) -> Input:
    data = _any(_parquet(chance.randrange(3)), chance)
    command = ("compile", "s.yaml", "--recipients", "t.parquet")
    return Input("parquet", (command,), {"t.parquet": data, "s.yaml": _any_spec(chance)})


def _data(chance: Random) -> Input:
    values = {name: value(chance) for name in ("phone", "slot", "total", "day", "flag", "lines")}
    values |= (
        {"phone": "08000001234", "slot": "a", "total": 3, "day": "2026-12-24", "flag": True}
        if chance.random() < 0.5
        else {}
    )
    files = {"d.yaml": _any(_written(values, chance), chance), "s.yaml": _any_spec(chance)}
    return Input("data", (("compile", "s.yaml", "--data", "d.yaml"),), files)


def _import(chance: Random) -> Input:
    made = body(chance) if chance.random() < 0.3 else mutated(sound_body(chance), chance)
    return Input("import", (("import", "a.json", "-o", "-"),), {"a.json": _any(_written(made, chance), chance)})


def _diff(chance: Random) -> Input:
    made = sound_spec(chance)
    changed = _any(_written(mutated(made, chance), chance), chance)
    command = ("diff", "a.yaml", "b.yaml", "--format", chance.choice(["text", "json", "markdown"]))
    return Input("diff", (command,), {"a.yaml": changed, "b.yaml": _written(made, chance)})


def _configs(chance: Random) -> Input:
    data = _any(_config(chance), chance)
    files = {"pyproject.toml": b"[tool.pnpc]\n" + data} if chance.random() < 0.3 else {"pnpc.toml": data}
    command = chance.choice([("check", "a.yaml"), ("check",), ("compile", "--check", ".")])
    return Input("config", (command,), {**files, "a.yaml": _any_spec(chance), "x.json": _catalog(chance)})


def _ignores(chance: Random) -> Input:
    files = {"sub/.gitignore": _any(_ignored(chance), chance), ".gitignore": _ignored(chance), ".git/HEAD": b""}
    return Input(
        "ignore", (("check", "."), ("check", "sub")), {**files, "sub/a.yaml": _any_spec(chance), "a.yaml": b"pnpc: 1"}
    )


def _baselines(chance: Random) -> Input:
    more = ("--write-baseline",) if chance.random() < 0.3 else ()
    files = {"b.json": _any(_baseline(chance), chance), "a.yaml": _any_spec(chance)}
    return Input("baseline", (("check", "a.yaml", "--baseline", "b.json", *more),), files)


def _approvals(chance: Random) -> Input:
    made = sound_spec(chance)
    made["name"] = "shipment"
    while "messages" not in made["message"]:
        made["message"] = sound_spec(chance)["message"]
    written = {"shipment.yaml": _written(made, chance)}
    layout = chance.choice([made["message"]["messages"], sound_spec(chance)["message"], value(chance)])
    files = {"shipment.approved.json": _any(_layout(chance, layout), chance), **written}
    again = ("approve", "shipment.yaml", "--review-id", word(chance).replace("\0", "") or "x", "--date", "2026-11-21")
    return Input("approval", (("check", "shipment.yaml"), again, ("check", "shipment.yaml")), files)


def _snapshots(chance: Random) -> Input:
    stored = _written({"message": sound_body(chance), **sound_body(chance)}, chance, json_only=True)
    files = {"__payloads__/a.json": _any(stored, chance), "a.yaml": _any_spec(chance), "__payloads__/b.json": stored}
    return Input(
        "snapshots", (("compile", "--check", "."), ("compile", "--update", "."), ("compile", "--check", ".")), files
    )


def _catalogs(chance: Random) -> Input:
    if chance.random() < 0.5:
        command = ("catalog", "import", "l", "-o", "-", "--country", "JP")
        return Input("catalog", (command,), {"l": _any(_list(chance), chance)})
    commands = (("catalog", "list", "--catalog", "c"), ("check", "a.yaml", "--catalog", "c"))
    return Input("catalog", commands, {"c": _any(_catalog(chance), chance), "a.yaml": _any_spec(chance)})


def _payloads(chance: Random) -> Input:
    return Input("payloads", (("push", "p.jsonl", "--dry-run"),), {"p.jsonl": _any(_payload(chance), chance)})


def _pushes(chance: Random) -> Input:
    files = {"t.csv": _any(_table(chance), chance), "s.yaml": _any_spec(chance)}
    return Input("pushes", (("push", "s.yaml", "--recipients", "t.csv", "--dry-run"),), files)


def _journals(chance: Random) -> Input:
    commands = [
        ("status", "--journal", "j.db"),
        ("catalog", "learn", "--journal", "j.db", "-o", "c.json"),
        ("push", "p.jsonl", "--dry-run", "--journal", "j.db"),
    ]
    return Input("journal", (chance.choice(commands),), {"j.db": _journal(chance), "p.jsonl": _payload(chance)})


def _scenarios(chance: Random) -> Input:
    """A ledger in a folder that is not there ends the emulator before it serves a sound scenario."""
    command = ("emulator", "--scenario", "s.yaml", "--ledger", "missing/ledger")
    return Input("scenario", (command,), {"s.yaml": _any(_scenario(chance), chance)})


def _previews(chance: Random) -> Input:
    name, data = _message_file(chance)
    return Input("preview", (("preview", name, "-o", "-"),), {name: data})


def _hash(chance: Random) -> Input:
    return Input("hash", (("hash", "--country", "JP"),), {}, _any(b"08000001234\n+818000001234\n", chance))


ENTRIES: dict[str, Callable[[Random], Input]] = {
    "messages": _messages, "tables": _tables, "parquet": _parquets, "data": _data, "import": _import, "diff": _diff, "config": _configs,
    "ignore": _ignores, "baseline": _baselines, "approval": _approvals, "snapshots": _snapshots, "catalog": _catalogs, "payloads": _payloads,
    "pushes": _pushes, "journal": _journals, "scenario": _scenarios, "preview": _previews, "hash": _hash,
}  # fmt: skip
