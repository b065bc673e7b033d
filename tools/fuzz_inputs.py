"""Inputs for `tools/fuzz.py`: specs, bodies, tables, configs and other files of pnpc, whole by their grammar, then broken.

An input is made of its number and a seed, and of nothing else: it can be made again anywhere.
"""

import gzip
import json
import sqlite3
from collections.abc import Callable
from random import Random
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from pnpc.data import read_text

NUMBERS = [0, 1, -1, 2, 15, 20, 300, 10**9, 2**31, 2**63, 10**20, 10**400, -(10**400), 0.1, 1e16, 1e308, -0.0, 1e-308]
WORDS = [
    "", " ", "a", "order_id", "slot", "{{", "}}", "{{ slot }}", "{{ x", "${x}", "{% if x %}", "{{ a ~ b }}", "\u3000", "\ud83d\ude00",
    "お届け", "ก็", "\u200b", "\u202e", "\ufeff", "\x00", "\r\n", "\t", "yes", "null", "0x1", "1e400", "2026-12-01", "~", "!!int", "&a", "*a",
    "https://example.com/{{ slot | urlencode }}", "http://localhost", "javascript:alert(1)", "tel:+81", "%zz", "x" * 300, "あ" * 5001, "9" * 5000,
    "<<", "$if", "$for", "$include", "../x", "/etc/passwd", "---", "# pnpc: ignore[PNP204] x", "# pnpc: file-ignore[PNP5] y", "'", '"', "\\u0000",
]  # fmt: skip
EXPRESSIONS = [
    "slot", "total", "slot ~ total", "total + 1", "total * total", "total // 0", "slot | truncate(15)", "total | currency", "total | number(2)",
    "day | date('long')", "day | time", "slot | urlencode", "slot | default('x')", "lines | length", "line.name", "lines[0].name", "recipient.index",
    "1e400 | currency", "9" * 400, "slot if flag else total", "flag and total > 3", "slot in ['a', 'b']", "not flag", "-total", "total ** 9", "slot[:3]",
    "(" * 40 + "slot" + ")" * 40, "slot | truncate(10 ** 9)", "'%s' % slot", "slot.__class__", "total | number('x')", "lines | join(',')", "slot | upper | lower",
    "total % 7", "[slot, total]", "{'a': 1}.a", "slot is defined", "total < -1", "total >= 10", "slot == 'a'", "slot * 99999999", "range(9)",
]  # fmt: skip
PATTERNS = [
    "^[A-Z]{8}$", "(a+)+$", "^((a{1,100}){1,100}){1,100}$", "(" * 120 + ")" * 120, "[", "\\d+", ".*.*.*z", "(?=a)b", "\\p{L}", "^.{0,99999}$", "(a|b|ab)*c",
    "x{999999999}", "(?P<n>a)(?P=n)", "[^\\x00-\\xff]", "$^", "",
]  # fmt: skip
TYPES = ["string", "integer", "number", "boolean", "array", "object", "null", "text", [], {}, 1]
FORMATS = ["date", "time", "date-time", "uri", "email", "uuid", "x", [], 3]
KEYS = [
    "pnpc", "name", "country", "variables", "message", "templateKey", "body", "emphasizedItem", "items", "itemKey", "content", "buttons", "buttonKey", "url",
    "deliveryTag", "messages", "type", "text", "altText", "contents", "to", "label", "uri", "action", "actions", "size", "channel_specific_message", "$if", "$for",
]  # fmt: skip
COMPONENTS = ["bubble", "carousel", "box", "text", "button", "image", "icon", "separator", "filler", "span", "video"]
MESSAGES = [
    "text",
    "textV2",
    "flex",
    "template",
    "imagemap",
    "sticker",
    "image",
    "video",
    "audio",
    "location",
    "coupon",
    "x",
]
SPLICES = [
    b"{{", b"}}", b"&a ", b"*a", b"\t", b"- ", b"? ", b": ", b"\x00", b"\xff", b"|\n", b">\n", b"'", b'"', b"#", b"!!x ", b"---\n", b"...\n", b"\xe2\x80\xa8",
    b"<<: ", b"[", b"]", b"{", b"}", b",", b"\r", b"\n", b"\xef\xbb\xbf", b"\xed\xa0\xbd", b"%YAML 1.1\n", b"1e999", b"9" * 400, b"\\u", b"\\ud800", b"=", b"[[a]]\n",
]  # fmt: skip


class Input(NamedTuple):
    """A command line, and the files that are there when it runs; the first is the one that was broken."""

    entry: str
    argv: tuple[str, ...]
    files: dict[str, bytes]
    stdin: bytes = b""


def make(seed: int, number: int, entries: tuple[str, ...]) -> Input:
    """The input of a number."""
    chance = Random(f"{seed}:{number}")
    return ENTRIES[chance.choice(entries)](chance)


# --- values ---


def _value(chance: Random, depth: int = 0) -> Any:
    kind = chance.randrange(9 if depth < 4 else 6)
    if kind < 3:
        return _text(chance)
    if kind == 3:
        return chance.choice(NUMBERS)
    if kind in (4, 5):
        return chance.choice([True, False, None, [], {}])
    if kind == 6:
        return [_value(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(KEYS + WORDS[:9]): _value(chance, depth + 1) for _ in range(chance.randrange(5))}


def _text(chance: Random) -> str:
    parts = [
        "{{ " + chance.choice(EXPRESSIONS) + " }}" if chance.random() < 0.4 else chance.choice(WORDS)
        for _ in range(chance.randint(1, 3))
    ]
    return "".join(parts)


def _declaration(chance: Random, depth: int = 0) -> Any:
    if chance.random() < 0.05:
        return _value(chance)
    found: dict[str, Any] = {"type": chance.choice(TYPES[:5] if chance.random() < 0.9 else TYPES)}
    offers: dict[str, Callable[[], Any]] = {
        "minLength": lambda: chance.choice(NUMBERS), "maxLength": lambda: chance.choice(NUMBERS),
        "minimum": lambda: chance.choice(NUMBERS), "maximum": lambda: chance.choice(NUMBERS),
        "multipleOf": lambda: chance.choice(NUMBERS), "maxItems": lambda: chance.choice(NUMBERS),
        "pattern": lambda: chance.choice(PATTERNS), "format": lambda: chance.choice(FORMATS),
        "enum": lambda: [_value(chance, 4) for _ in range(chance.randrange(4))],
        "example": lambda: _value(chance, 2), "default": lambda: _value(chance, 2),
        "required": lambda: [_value(chance, 4)], "uniqueItems": lambda: _value(chance, 4),
    }  # fmt: skip
    for name in chance.sample(list(offers), chance.randrange(4)):
        found[name] = offers[name]()
    if found["type"] == "array" and depth < 3:
        found["items"] = _declaration(chance, depth + 1)
    if found["type"] == "object" and depth < 3:
        found["properties"] = {"name": _declaration(chance, depth + 1)}
    return found


def _component(chance: Random, depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {"type": chance.choice(COMPONENTS)}
    for _ in range(chance.randrange(5)):
        found[chance.choice(["text", "size", "color", "url", "flex", "margin", "layout", "action", "wrap", *KEYS])] = (
            _value(chance, 3)
        )
    if depth < 5 and chance.random() < 0.7:
        found["contents"] = [_component(chance, depth + 1) for _ in range(chance.randrange(4))]
    return _directed(chance, found)


def _directed(chance: Random, found: dict[str, Any]) -> dict[str, Any]:
    if chance.random() < 0.15:
        found["$if"] = chance.choice(EXPRESSIONS)
    if chance.random() < 0.1:
        found["$for"] = chance.choice(["line in lines", "x in slot", "x", _text(chance)])
    return found


def _message(chance: Random) -> dict[str, Any]:
    if chance.random() < 0.5:
        items = [
            _directed(
                chance,
                {
                    "itemKey": chance.choice(["time_range_001_ja", "date_002_ja", _text(chance)]),
                    "content": _text(chance),
                },
            )
            for _ in range(chance.randrange(5))
        ]
        buttons = [
            _directed(chance, {"buttonKey": "check_delivery_status_ja", "url": _text(chance)})
            for _ in range(chance.randrange(3))
        ]
        return {"templateKey": "shipment_completed_ja", "body": {"items": items, "buttons": buttons}}
    messages = []
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(MESSAGES)
        one: dict[str, Any] = {"type": kind, "text": _text(chance), "altText": _text(chance)}
        if kind in ("flex", "template"):
            one["contents" if kind == "flex" else "template"] = _component(chance)
        messages.append(_directed(chance, one))
    return {"messages": messages}


def _spec(chance: Random) -> dict[str, Any]:
    names = ["slot", "total", "day", "flag", "lines", chance.choice(WORDS)]
    declared = {name: _declaration(chance) for name in names if chance.random() < 0.8}
    spec: dict[str, Any] = {
        "pnpc": 1,
        "name": "shipment",
        "country": chance.choice(["JP", "TH", "TW", "XX"]),
        "variables": declared,
    }
    spec["message"] = _message(chance)
    if chance.random() < 0.3:
        spec["deliveryTag"] = _text(chance)
    return spec


def _body(chance: Random) -> dict[str, Any]:
    body = {"to": "0" * 64, **_message(chance)}
    return {"channel_specific_message": {"LINE": body}, "app_id": "x"} if chance.random() < 0.1 else body


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
    if isinstance(value, str) and chance.random() < 0.3:
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
                found[at:at] = chance.choice(WORDS).encode("utf-8", "surrogatepass")
            case 6 if chance.random() < 0.2:
                found[at:at] = chance.choice(SPLICES) * chance.choice([50, 400, 3000])
            case _:
                found = found[:at] if chance.random() < 0.2 else found
    return bytes(found)


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


def _catalog(chance: Random) -> bytes:
    content = {
        "catalog": 1,
        "country": "JP",
        "items": {
            "complete": chance.choice([True, False, 1]),
            "total": chance.choice(NUMBERS[:9]),
            "keys": {"a_001_ja": {"label": _text(chance)}},
        },
    }
    return _written(content, chance)


def _baseline(chance: Random) -> bytes:
    entry = {
        "file": chance.choice(["a.yaml", 1, None]),
        "code": "PNP204",
        "path": _text(chance),
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
        "headers": {"Content-Type": "application/json"}, "body": {"to": "0" * 64, **_message(chance)}, "origin": _value(chance),
    }  # fmt: skip
    if chance.random() < 0.4:
        one[chance.choice(list(one))] = _value(chance)
    data = (json.dumps(one) + "\n").encode() * chance.randrange(3)
    return gzip.compress(data) if chance.random() < 0.1 else data


def _journal(chance: Random) -> bytes:
    with NamedTemporaryFile() as file:
        database = sqlite3.connect(file.name)
        database.executescript(read_text("schemas", "journal.sql"))
        row = ["a", "d" * 64, 3, "p.jsonl", "line", "https://api.line.me", "salt", 1_700_000_000_000]
        if chance.random() < 0.5:
            row[chance.randrange(len(row))] = chance.choice([None, "x", 1e300, b"\xff", -1, 2**62])
        inserts: list[tuple[str, list[Any]]] = [
            ("INSERT OR IGNORE INTO run VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)", row),
            ("INSERT INTO pushes VALUES (1, NULL, 'x', '1', 1)", []),
            ("INSERT INTO shapes VALUES (1, 'POST', 'u', NULL, ?)", [chance.choice(["{}", "[]", '{"items": 3}', '{"items": [[]]}', "x", '{"templateKey": {}}'])]),
            ("INSERT INTO intents VALUES (1, 1, 1, 1, 'i', 't', NULL, 1, 1)", []),
            ("INSERT OR IGNORE INTO results VALUES (1, ?, ?, 202, NULL, ?, 1, 1)", [chance.choice(["accepted", "refused"]), chance.choice(["accepted", "request", "odd"]), _text(chance)]),
        ]  # fmt: skip
        for sql, values in inserts:
            if chance.random() < 0.95:
                try:
                    database.execute(sql, values)
                except (sqlite3.Error, UnicodeEncodeError):
                    continue
        database.commit()
        database.close()
        data = bytearray(file.read())
    for _ in range(chance.choice([0, 0, 1, 3, 200])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data[: chance.randrange(len(data))]) if chance.random() < 0.15 else bytes(data)


# --- entries ---


def _text_file(chance: Random) -> tuple[str, bytes]:
    value = _spec(chance) if chance.random() < 0.7 else _body(chance)
    is_json = chance.random() < 0.25
    return ("a.json" if is_json else "a.yaml"), _broken(_written(value, chance, json_only=is_json), chance)


def _check(chance: Random) -> Input:
    name, data = _text_file(chance)
    formats = ["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson"]
    return Input("check", ("check", name, "--format", chance.choice(formats)), {name: data})


def _fix(chance: Random) -> Input:
    name, data = _text_file(chance)
    return Input("fix", ("check", chance.choice(["--fix", "--diff"]), name), {name: data})


def _compile(chance: Random) -> Input:
    name, data = _text_file(chance)
    more = ["--check"] if chance.random() < 0.1 else ["--target", "sinch"] if chance.random() < 0.1 else []
    return Input("compile", ("compile", name, *more), {name: data})


def _tables(chance: Random) -> Input:
    data = _broken(_table(chance), chance)
    spec = _written(_spec(chance), chance)
    kind = chance.choice(["csv", "jsonl"])
    return Input(
        "tables", ("compile", "s.yaml", "--recipients", "t", "--recipients-format", kind), {"t": data, "s.yaml": spec}
    )


def _data(chance: Random) -> Input:
    values = {name: _value(chance) for name in ("phone", "slot", "total", "day", "flag", "lines")}
    return Input(
        "data",
        ("compile", "s.yaml", "--data", "d.yaml"),
        {"d.yaml": _broken(_written(values, chance), chance), "s.yaml": _written(_spec(chance), chance)},
    )


def _import(chance: Random) -> Input:
    data = _broken(_written(_body(chance), chance), chance)
    return Input("import", ("import", "a.json", "-o", "-"), {"a.json": data})


def _diff(chance: Random) -> Input:
    value = _spec(chance)
    return Input(
        "diff",
        ("diff", "a.yaml", "b.yaml", "--format", chance.choice(["text", "json", "markdown"])),
        {"a.yaml": _broken(_written(value, chance), chance), "b.yaml": _written(value, chance)},
    )


def _configs(chance: Random) -> Input:
    return Input(
        "config",
        ("check", "a.yaml"),
        {"pnpc.toml": _broken(_config(chance), chance), "a.yaml": _written(_spec(chance), chance)},
    )


def _baselines(chance: Random) -> Input:
    more = ("--write-baseline",) if chance.random() < 0.3 else ()
    return Input(
        "baseline",
        ("check", "a.yaml", "--baseline", "b.json", *more),
        {"b.json": _broken(_baseline(chance), chance), "a.yaml": _written(_spec(chance), chance)},
    )


def _catalogs(chance: Random) -> Input:
    if chance.random() < 0.5:
        return Input(
            "catalog", ("catalog", "import", "l", "-o", "-", "--country", "JP"), {"l": _broken(_list(chance), chance)}
        )
    return Input("catalog", ("catalog", "list", "--catalog", "c"), {"c": _broken(_catalog(chance), chance)})


def _payloads(chance: Random) -> Input:
    return Input("payloads", ("push", "p.jsonl", "--dry-run"), {"p.jsonl": _broken(_payload(chance), chance)})


def _journals(chance: Random) -> Input:
    commands = [
        ("status", "--journal", "j.db"),
        ("catalog", "learn", "--journal", "j.db", "-o", "c.json"),
        ("push", "p.jsonl", "--dry-run", "--journal", "j.db"),
    ]
    return Input("journal", chance.choice(commands), {"j.db": _journal(chance), "p.jsonl": _payload(chance)})


def _hash(chance: Random) -> Input:
    return Input("hash", ("hash", "--country", "JP"), {}, _broken(b"08000001234\n+818000001234\n", chance))


ENTRIES: dict[str, Callable[[Random], Input]] = {
    "check": _check, "fix": _fix, "compile": _compile, "tables": _tables, "data": _data, "import": _import, "diff": _diff, "config": _configs,
    "baseline": _baselines, "catalog": _catalogs, "payloads": _payloads, "journal": _journals, "hash": _hash,
}  # fmt: skip
