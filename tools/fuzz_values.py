"""Values for the inputs of `tools/fuzz.py`: specs, bodies and messages, sound ones and broken ones.

Sound ones pass the check, so that what comes after it is tried too; `mutated` breaks them in one place or a few.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from random import Random
from typing import Any

NUMBERS = [0, 1, -1, 2, 15, 20, 300, 10**9, 2**31, 2**63, 10**20, 10**400, -(10**400), 0.1, 1e16, 1e308, -0.0, 1e-308]
WORDS = [
    "", " ", "a", "order_id", "slot", "{{", "}}", "{{ slot }}", "{{ x", "${x}", "{% if x %}", "{{ a ~ b }}", "\u3000", "\ud83d\ude00",
    "お届け", "ก็", "\u200b", "\u202e", "\ufeff", "\x00", "\r\n", "\t", "yes", "null", "0x1", "1e400", "2026-12-01", "~", "!!int", "&a", "*a",
    "https://example.com/{{ slot | urlencode }}", "http://localhost", "javascript:alert(1)", "tel:+81", "%zz",
    "<<", "$if", "$for", "$include", "../x", "/etc/passwd", "---", "# pnpc: ignore[PNP204] x", "# pnpc: file-ignore[PNP5] y", "'", '"', "\\u0000",
]  # fmt: skip
LONG = ["x" * 300, "あ" * 5001, "9" * 5000, "x" * 1500, "{{ slot }}" * 200, "😀" * 600]
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
    "deliveryTag", "fallback", "sms", "parts", "messages", "type", "text", "altText", "contents", "to", "label", "uri", "action", "actions", "size", "channel_specific_message", "$if", "$for",
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


# --- anything ---


def value(chance: Random, depth: int = 0) -> Any:
    """Any value that JSON has."""
    kind = chance.randrange(9 if depth < 4 else 6)
    if kind < 3:
        return text(chance)
    if kind == 3:
        return chance.choice(NUMBERS)
    if kind in (4, 5):
        return chance.choice([True, False, None, [], {}])
    if kind == 6:
        return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(KEYS + WORDS[:9]): value(chance, depth + 1) for _ in range(chance.randrange(5))}


def word(chance: Random) -> str:
    """A word, seldom a long one: what a long one costs, a hundred short ones do."""
    return chance.choice(LONG if chance.random() < 0.005 else WORDS)


def text(chance: Random) -> str:
    """Words and expressions, one after the other."""
    parts = [
        "{{ " + chance.choice(EXPRESSIONS) + " }}" if chance.random() < 0.4 else word(chance)
        for _ in range(chance.randint(1, 3))
    ]
    return "".join(parts)


def _declaration(chance: Random, depth: int = 0) -> Any:
    if chance.random() < 0.05:
        return value(chance)
    found: dict[str, Any] = {"type": chance.choice(TYPES[:5] if chance.random() < 0.9 else TYPES)}
    offers: dict[str, Callable[[], Any]] = {
        "minLength": lambda: chance.choice(NUMBERS), "maxLength": lambda: chance.choice(NUMBERS),
        "minimum": lambda: chance.choice(NUMBERS), "maximum": lambda: chance.choice(NUMBERS),
        "multipleOf": lambda: chance.choice(NUMBERS), "maxItems": lambda: chance.choice(NUMBERS),
        "pattern": lambda: chance.choice(PATTERNS), "format": lambda: chance.choice(FORMATS),
        "enum": lambda: [value(chance, 4) for _ in range(chance.randrange(4))],
        "example": lambda: value(chance, 2), "default": lambda: value(chance, 2),
        "required": lambda: [value(chance, 4)], "uniqueItems": lambda: value(chance, 4),
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
            value(chance, 3)
        )
    if depth < 5 and chance.random() < 0.7:
        found["contents"] = [_component(chance, depth + 1) for _ in range(chance.randrange(4))]
    return _directed(chance, found)


def _directed(chance: Random, found: dict[str, Any]) -> dict[str, Any]:
    if chance.random() < 0.15:
        found["$if"] = chance.choice(EXPRESSIONS)
    if chance.random() < 0.1:
        found["$for"] = chance.choice(["line in lines", "x in slot", "x", text(chance)])
    return found


def message(chance: Random) -> dict[str, Any]:
    """The message of a spec, hardly ever right."""
    if chance.random() < 0.5:
        items = [
            _directed(
                chance,
                {
                    "itemKey": chance.choice(["time_range_001_ja", "date_002_ja", text(chance)]),
                    "content": text(chance),
                },
            )
            for _ in range(chance.randrange(5))
        ]
        buttons = [
            _directed(chance, {"buttonKey": "check_delivery_status_ja", "url": text(chance)})
            for _ in range(chance.randrange(3))
        ]
        return {"templateKey": "shipment_completed_ja", "body": {"items": items, "buttons": buttons}}
    messages = []
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(MESSAGES)
        one: dict[str, Any] = {"type": kind, "text": text(chance), "altText": text(chance)}
        if kind in ("flex", "template"):
            one["contents" if kind == "flex" else "template"] = _component(chance)
        messages.append(_directed(chance, one))
    return {"messages": messages}


def spec(chance: Random) -> dict[str, Any]:
    """A spec, hardly ever right."""
    names = ["slot", "total", "day", "flag", "lines", word(chance)]
    declared = {name: _declaration(chance) for name in names if chance.random() < 0.8}
    spec: dict[str, Any] = {
        "pnpc": 1,
        "name": "shipment",
        "country": chance.choice(["JP", "TH", "TW", "XX"]),
        "variables": declared,
    }
    spec["message"] = message(chance)
    if chance.random() < 0.3:
        spec["deliveryTag"] = text(chance)
    if chance.random() < 0.2:
        spec["fallback"] = {"sms": text(chance), "parts": value(chance, 3)}
    return spec


def body(chance: Random) -> dict[str, Any]:
    """A request body, hardly ever right."""
    request = {"to": "0" * 64, **message(chance)}
    return {"channel_specific_message": {"LINE": request}, "app_id": "x"} if chance.random() < 0.1 else request


# --- sound ---

_DECLARED: dict[str, list[dict[str, Any]]] = {
    "slot": [
        {"type": "string", "enum": ["午前中", "14-16時", "19-21時"], "example": "午前中"},
        {"type": "string", "minLength": 1, "maxLength": 6, "example": "夜"},
        {"type": "string", "pattern": "^[A-Z0-9]{4,8}$", "example": "A1B2"},
        {"type": "string", "maxLength": 4, "default": "", "example": "朝"},
    ],
    "total": [
        {"type": "integer", "minimum": 0, "maximum": 99999, "example": 4200},
        {"type": "integer", "enum": [0, 1, 300], "example": 300},
        {"type": "integer", "minimum": -9, "maximum": 9, "multipleOf": 3, "example": 3},
    ],
    "day": [
        {"type": "string", "format": "date", "example": "2026-12-24"},
        {"type": "string", "format": "date", "enum": ["2026-12-24", "2026-01-01"], "example": "2026-01-01"},
    ],
    "flag": [{"type": "boolean", "example": True}, {"type": "boolean", "default": False, "example": False}],
}
_LINE = {
    "type": "object", "required": ["name", "count"], "additionalProperties": False,
    "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 10}, "count": {"type": "integer", "minimum": 1, "maximum": 99}},
}  # fmt: skip
_FILLED = [
    "{{ slot }}", "{{ total }}", "{{ total | currency }}", "{{ total | number }}", "{{ day | date('short') }}", "{{ day | date('long') }}",
    "{{ slot | truncate(4) }}", "{{ slot if flag else 'x' }}", "{{ 'a' if total > 3 else 'b' }}", "{{ total + 1 }}", "{{ total % 7 }}", "{{ total // 2 }}",
    "{{ slot | default('x') }}", "{{ day | date('weekday') }}", "{{ recipient.index }}", "{{ slot | urlencode | truncate(9) }}",
    "{{ 'x' if flag and total == 0 else slot }}", "{{ 'x' if slot in ['a', 'b'] else 'y' }}", "{{ -total }}", "{{ slot ~ 'x' }}",
]  # fmt: skip
_PLAIN = ["a", "お届け", "ご注文", "ก็", "1", "😀", "A1B2C3", "x y", "です。", "l1\nl2"]
_KEYS = ["time_range_001_ja", "date_002_ja", "name_010_ja", "number_001_ja", "price_001_ja"]
_CONDITIONS = ["flag", "not flag", "total > 3", "flag and total == 300", "slot == '午前中'", "total >= 0 or flag"]


def sound_spec(chance: Random) -> dict[str, Any]:
    """A spec that nearly always passes the check."""
    made = sound_message(chance)
    tag = "shipment-{{ slot }}-{{ recipient.index }}-00000000" if chance.random() < 0.15 else ""
    read = repr(made) + tag
    declared: dict[str, Any] = {
        name: dict(chance.choice(offers))
        for name, offers in _DECLARED.items()
        if name in read or chance.random() < 0.05
    }
    if "lines" in read:
        declared["lines"] = {
            "type": "array",
            "maxItems": chance.randint(1, 3),
            "items": _LINE,
            "example": [{"name": "a", "count": 2}],
        }
    made_spec: dict[str, Any] = {
        "pnpc": 1,
        "name": f"s{chance.getrandbits(40):x}",
        "country": "JP",
        "variables": declared,
        "message": made,
    }
    if tag:
        made_spec["deliveryTag"] = tag
    if chance.random() < 0.2:
        made_spec["fallback"] = {
            "sms": chance.choice(["発送しました", "No. {{ total }}", "{{ slot }}’" * 9]),
            "parts": chance.choice([1, 9]),
        }
    return made_spec


def sound_body(chance: Random) -> dict[str, Any]:
    """A request body, or a message object of one, without expressions."""
    made = sound_message(chance, directed=False)
    return {"to": f"{chance.getrandbits(256):064x}", **made}


def sound_message(chance: Random, *, directed: bool = True) -> dict[str, Any]:
    """The message of a spec, or without expressions that of a body."""

    def some(most: int) -> str:
        parts = [chance.choice(_PLAIN)] + [
            chance.choice(_FILLED if directed else _PLAIN) for _ in range(chance.randrange(3))
        ]
        return "".join(parts[:most])

    def maybe(made: dict[str, Any]) -> dict[str, Any]:
        if directed and chance.random() < 0.2:
            made["$if"] = chance.choice(_CONDITIONS)
        return made

    if chance.random() < 0.3:  # most of what breaks needs no large message, and four small ones cost one large one
        return {"messages": [{"type": "text", "text": some(chance.randint(1, 3))}]}
    if chance.random() < 0.5:
        keys = chance.sample(_KEYS, chance.choice([1, 1, 1, 1, 2, 2, 5]))
        items = [maybe({"itemKey": key, "content": some(2)}) for key in keys]
        content: dict[str, Any] = {"items": items}
        if chance.random() < 0.5:
            content["emphasizedItem"] = {"itemKey": keys[0], "content": some(1)}
            items.pop(0)
        if chance.random() < 0.4:
            place = "/{{ slot | urlencode }}" if directed else "/a"
            content["buttons"] = [
                maybe({"buttonKey": "check_delivery_status_ja", "url": "https://example.com" + place})
            ]
        return {"templateKey": "shipment_completed_ja", "body": content}
    offers: list[Callable[[], dict[str, Any]]] = [
        lambda: {"type": "text", "text": some(3)},
        lambda: {"type": "location", "title": some(1), "address": some(1), "latitude": 35.1, "longitude": 139},
        lambda: {"type": "text", "text": some(3)},
        lambda: {"type": "flex", "altText": some(2), "contents": _bubble(chance, some, maybe, directed=directed)},
    ]  # fmt: skip
    first, *others = [chance.choice(offers)() for _ in range(chance.randint(1, 2))]
    return {"messages": [first, *map(maybe, others)]}


def _bubble(
    chance: Random, some: Callable[[int], str], maybe: Callable[[dict[str, Any]], dict[str, Any]], *, directed: bool
) -> dict[str, Any]:
    def part(depth: int) -> dict[str, Any]:
        kind = chance.randrange(6 if depth < 2 else 4)
        if kind == 0 and directed:
            return {"type": "text", "text": "{{ line.name }} x {{ line.count }}", "$for": "line in lines"}
        if kind == 1:
            return {"type": "separator", "margin": chance.choice(["md", "lg", "8px"])}
        if kind == 2:
            action = {
                "type": "uri",
                "label": "a",
                "uri": "https://example.com/{{ slot | urlencode }}" if directed else "tel:+81",
            }
            return maybe({"type": "button", "style": chance.choice(["primary", "link"]), "action": action})
        if kind >= 4:
            inside = [part(depth + 1) for _ in range(chance.randint(1, 2))]
            return maybe({"type": "box", "layout": "vertical", "contents": inside})
        return maybe({"type": "text", "text": some(3), "wrap": True, "color": "#AAAAAA", "size": "sm"})

    parts = [part(0) for _ in range(chance.choice([1, 1, 2, 3]))]
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": parts}}


def mutated(sound: dict[str, Any], chance: Random, most: int = 3) -> dict[str, Any]:
    """A copy in which one to `most` places are left out, replaced, doubled, renamed or wrapped."""
    made = deepcopy(sound)
    for _ in range(chance.randint(1, most)):
        places = list(_places(made))
        if not places:
            break
        holder, at = chance.choice(places)
        match chance.randrange(8):
            case 0:
                del holder[at]
            case 1:
                holder[at] = value(chance, 2)
            case 2:
                holder[at] = text(chance)
            case 3:
                holder[at] = chance.choice(NUMBERS)
            case 4:
                other, there = chance.choice(places)
                with suppress(LookupError):
                    holder[at] = deepcopy(other[there])
            case 5 if isinstance(holder, list):
                holder[at:at] = [deepcopy(holder[at])] * chance.choice([1, 1, 3, 20])
            case 6 if isinstance(holder, dict):
                holder[chance.choice(KEYS)] = holder.pop(at)
            case 7 if isinstance(holder[at], str):
                holder[at] = holder[at] + text(chance)
            case _:
                holder[at] = chance.choice([[holder[at]], {chance.choice(KEYS): holder[at]}])
    return made


def _places(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in a value with each of its keys or indexes."""
    for at, inner in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
        yield holder, at
        if isinstance(inner, dict | list):
            yield from _places(inner)
