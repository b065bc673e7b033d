"""Safe fixes of specs and bodies with mistakes put into them: the text reads the same but for a mistake that is undone.

The suite tries a few hundred texts. `PNPC_MUTANTS=50000 pytest tests/test_mutants.py -n 0` tries that many, from another
seed with `PNPC_SEED=2`; a failure prints the seed of its one text.
"""

import json
import os
import random
import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import pytest
from conftest import ROOT

from pnpc import rules
from pnpc.check.engine import check
from pnpc.check.reading import Checked
from pnpc.cli.checking.fixing import fix_source
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.names import SINCH_OF
from pnpc.rules.listing import ALL
from pnpc.rules.rule import whole
from pnpc.text.document import Document, Mapping, Node, Scalar, Sequence, Unreadable, end, start
from pnpc.text.edits import repaired
from pnpc.text.nodes import compose
from pnpc.text.source import Source
from pnpc.text.values import construct

MUTANTS = int(os.environ.get("PNPC_MUTANTS", "400"))
SEED = int(os.environ.get("PNPC_SEED", "1"))
BATCHES = 8
KEYS = tuple(json.loads((ROOT / "schemas" / "names.json").read_text(encoding="utf-8"))["keys"])
TRAPS = ("no", "on", "012", "12:30", "1_000", "~", "2024-08-10", "1e3", "0x1F", "null", "5", "1.50", "true")
SHAPES = """\
pnpc: 1
name: anchors
country: JP
variables:
  slot: &slot {type: string, maxLength: 20, example: 午前中}
  other: *slot
message:
  messages:
    - &first {type: text, text: "{{ slot }}"}
    - <<: *first
      text: |
        {{ other }}
          # no comment
    - type: text  # a comment
      text: >-
        folded
        text
---
{pnpc: 1, name: flow, country: JP, message: {messages: [{type: text, text: 'it''s', quickReply: {items: [
  {type: action, action: {type: message, label: はい, text: "yes: \\u0041"}}]}}]}}
---
templateKey: shipment_completed_ja
body:
  emphasizedItem: {itemKey: date_002_ja, content: several words
    on two lines}
  buttons:
    - ? buttonKey
      : check_delivery_status_ja
      "url": https://shop.example.com/a?b=c#d
"""


SINCH = """\
{"app_id": "01A", "recipient": {"contact_id": "01C"}, "channel_priority_order": ["LINE"],
 "message": {"channel_specific_message": {"LINE": {"message_type": "NOTIFICATION_MESSAGE_TEMPLATE", "message": {
  "template_key": "shipment_completed_ja",
  "body": {"emphasized_item": {"item_key": "date_002_ja", "content": "10, 2024"},
   "items": [{"item_key": "number_001_ja", "content": "12000"}],
   "buttons": [{"button_key": "check_delivery_status_ja", "url": "https://shop.example.com/"}]}}}}}}
"""


class Workspace:
    """What `fix_source` asks for, without files."""

    def check(self, source: Source, *, named: bool = True) -> Checked:
        return check(source, Context(Catalog()), {}, named=named)


class Mutant(NamedTuple):
    """A text with mistakes: the names of the keys that were misspelt, by what they are now, and what was done."""

    text: str
    misspelt: dict[str, str]
    done: tuple[str, ...]


def sources() -> list[str]:
    folders = (ROOT / "examples/shop/notifications", ROOT / "templates/specs")
    specs = [file.read_text(encoding="utf-8") for folder in folders for file in sorted(folder.glob("*.yaml"))]
    specs += [whole(example) for listed in ALL for example in rules.get(listed.name).good]
    specs = [text for text in specs if len(text) < 4000]
    found = [documents(text) for text in specs]
    bodies = [json.dumps(construct(one[0].root), ensure_ascii=False, indent=1) for one in found if one]
    return [*specs, *bodies, *[SHAPES] * 12, *[SINCH] * 3]


def documents(text: str) -> list[Document] | None:
    try:
        return list(compose(Source("x.yaml", text)))
    except Unreadable:
        return None


def nodes(text: str) -> tuple[list[Scalar], list[Scalar], list[tuple[Scalar, Node]]]:
    """The keys, the values that are scalars, and the pairs of a text; each once."""
    keys, values, pairs = {}, {}, {}
    stack = [one.root for one in documents(text) or [] if one.root is not None]
    seen = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            for key, value in node.value:
                if isinstance(key, Scalar):
                    keys[start(key)] = key
                    pairs[start(key)] = (key, value)
                stack.append(value)
        elif isinstance(node, Sequence):
            stack += node.value
        elif node.value:
            values[start(node)] = node
    return list(keys.values()), list(values.values()), list(pairs.values())


# --- mistakes ---


def slip(word: str, rng: random.Random) -> str:
    """A word with a letter swapped, dropped, doubled, changed or in another case."""
    at = rng.randrange(len(word))
    return rng.choice((
        word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[: at + 1] + word[at:],
        word[:at] + rng.choice("abcdehinorstuy_") + word[at + 1 :],
        word[:at] + word[at].swapcase() + word[at + 1 :],
        word.lower(), f"{word}s", word.removesuffix("s"),
    ))  # fmt: skip


def misspell(mutant: Mutant, rng: random.Random) -> Mutant:
    """A key with one slip or two, or under the name of another."""
    keys = [key for key in nodes(mutant.text)[0] if key.value and key.value != "<<"]
    if not keys:
        return mutant
    key = rng.choice(keys)
    how = rng.random()
    new = (
        slip(key.value, rng)
        if how < 0.7
        else slip(slip(key.value, rng) or "x", rng)
        if how < 0.85
        else rng.choice(KEYS)
    )
    if not re.fullmatch(r"[$\w]+", new) or new == key.value:
        return mutant
    raw = mutant.text[start(key) : end(key)]
    if key.value not in raw:
        return mutant
    # What has another key's name is no slip of its own, and one more slip is one of that name.
    meant = new if new in KEYS else mutant.misspelt.get(key.value, key.value)
    text = mutant.text[: start(key)] + raw.replace(key.value, new) + mutant.text[end(key) :]
    if mutant.misspelt.get(new, meant) != meant:
        return mutant  # two keys under one name
    return Mutant(text, {**mutant.misspelt, new: meant}, (*mutant.done, "key"))


def replaced(mutant: Mutant, first: int, last: int, new: str, done: str) -> Mutant:
    return Mutant(mutant.text[:first] + new + mutant.text[last:], mutant.misspelt, (*mutant.done, done))


def unquote(mutant: Mutant, rng: random.Random) -> Mutant:
    """A value without its quotes; an expression most of all."""
    values = [one for one in nodes(mutant.text)[1] if one.style in ('"', "'")]
    values = [one for one in values if one.value.startswith("{{")] or values
    if not values:
        return mutant
    value = rng.choice(values)
    raw = mutant.text[start(value) + 1 : end(value) - 1]
    done = "expression" if raw.startswith("{{") else "unquoted"
    return replaced(mutant, start(value), end(value), raw, done)


def retype(mutant: Mutant, rng: random.Random) -> Mutant:
    """A value that other readers take for something else, or that JSON takes for a number."""
    values = [one for one in nodes(mutant.text)[1] if one.style not in ("|", ">")]
    if not values:
        return mutant
    value = rng.choice(values)
    return replaced(mutant, start(value), end(value), rng.choice(TRAPS), "value")


def repeat(mutant: Mutant, rng: random.Random) -> Mutant:
    """A key and its value a second time, one of them misspelt perhaps."""
    pairs = [
        (key, value) for key, value in nodes(mutant.text)[2] if isinstance(value, Scalar) and end(value) > end(key)
    ]
    if not pairs:
        return mutant
    key, value = rng.choice(pairs)
    raw = mutant.text[start(key) : end(value)]
    line = mutant.text[mutant.text.rfind("\n", 0, start(key)) + 1 : start(key)]
    between = ", " if line.strip(" -") else "\n" + " " * len(line)
    return replaced(mutant, end(value), end(value), between + raw, "twice")


def indent(mutant: Mutant, rng: random.Random) -> Mutant:
    """A line with a blank more or less, or a tab."""
    lines = mutant.text.split("\n")
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((" " + lines[at], lines[at][1:] if lines[at][:1] == " " else lines[at], "\t" + lines[at]))
    return Mutant("\n".join(lines), mutant.misspelt, (*mutant.done, "indentation"))


def brace(mutant: Mutant, rng: random.Random) -> Mutant:
    """A brace or quote too many or too few."""
    places = [found.start() for found in re.finditer(r"[{}\"'\[\]]", mutant.text)]
    if not places:
        return mutant
    at = rng.choice(places)
    return replaced(mutant, at, at + 1, rng.choice(("", mutant.text[at] * 2)), "brace")


def strange(mutant: Mutant, rng: random.Random) -> Mutant:
    """A character that readers stumble over, anywhere or at the start of a line."""
    starts = [0, *(found.end() for found in re.finditer("\n", mutant.text))]
    at = rng.choice((rng.randrange(len(mutant.text) + 1), rng.choice(starts), 0))
    character = rng.choice(
        ("\ufeff", "\x85", "\u2028", "\u2029", "\u00a0", "\t", "\x07", "\u3000", "#", " #", ": ", "*a")
    )
    return replaced(mutant, at, at, character, "character")


def cut(mutant: Mutant, rng: random.Random) -> Mutant:
    """A text that ends too early."""
    return replaced(mutant, rng.randrange(1, len(mutant.text) + 1), len(mutant.text), "", "cut")


def ends(mutant: Mutant, rng: random.Random) -> Mutant:
    """Other line ends, or none at the end."""
    how = rng.choice(("\r\n", "\r", ""))
    text = mutant.text.rstrip("\n") if not how else mutant.text.replace("\n", how)
    return Mutant(text, mutant.misspelt, (*mutant.done, "ends"))


def comment(mutant: Mutant, rng: random.Random) -> Mutant:
    """A comment of a line, idle or not."""
    lines = mutant.text.split("\n")
    words = rng.choice(("# a note", "# pnpc: ignore[PNP204] seen", "# pnpc: ignore[PNP101, PNP218] seen"))
    at = rng.randrange(len(lines))
    if rng.random() < 0.5:
        lines[at] = f"{lines[at]}  {words}"
    else:
        lines.insert(at, words)
    return Mutant("\n".join(lines), mutant.misspelt, (*mutant.done, "comment"))


def anchor(mutant: Mutant, rng: random.Random) -> Mutant:
    """A mapping that is named, and merged or repeated elsewhere."""
    pairs = [(key, value) for key, value in nodes(mutant.text)[2] if isinstance(value, Mapping) and value.flow_style]
    values = nodes(mutant.text)[1]
    if not pairs or not values:
        return mutant
    value, other = rng.choice(pairs)[1], rng.choice(values)
    if start(other) < end(value):
        return mutant
    text = mutant.text[: start(other)] + "*here" + mutant.text[end(other) :]
    return Mutant(f"{text[: start(value)]}&here {text[start(value) :]}", mutant.misspelt, (*mutant.done, "anchor"))


def more(mutant: Mutant, rng: random.Random) -> Mutant:
    """A second document, whole or not."""
    return Mutant(f"{mutant.text}\n---\n{rng.choice(SOURCES)}", mutant.misspelt, (*mutant.done, "document"))


MISTAKES: tuple[Callable[[Mutant, random.Random], Mutant], ...] = (
    *(misspell,) * 10, *(unquote,) * 4, *(retype,) * 3, *(comment,) * 3, repeat, repeat, indent, brace, brace,
    strange, strange, cut, ends, ends, anchor, more,
)  # fmt: skip
SOURCES = sources()


def mutant_of(seed: int) -> tuple[str, Mutant]:
    """A sound text, and the same with one mistake or several."""
    rng = random.Random(seed)
    text = rng.choice(SOURCES)
    mutant = Mutant(text, {}, ())
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5))):
        mutant = rng.choice(MISTAKES)(mutant, rng)
    return text, mutant


# --- what must hold ---


def assert_safe(original: str, mutant: Mutant) -> bool:
    """Hold the fixed text against the one with mistakes; gives whether anything was fixed."""
    old = documents(mutant.text)
    if old is None:
        return assert_made_readable(original, mutant)
    before = Source("x.yaml", mutant.text)
    after = fixed(before)
    if after.text == before.text:
        return False
    new = documents(with_mark(after))
    assert new is not None, "a fixed text can be read"
    renamed = difference(old, new)
    for word, key in renamed:
        if SINCH_OF.get(word) == key:  # LINE's name in a body of Sinch's
            continue
        # A strange character may have come into a key.
        assert mutant.misspelt.get(word, re.sub(r"[^$\w]", "", word)) == key, f"{word!r} was not {key}"
        assert word not in KEYS
    is_quiet = not renamed and "expression" not in mutant.done
    assert not is_quiet or not codes(after) - codes(before), "nothing was hidden"
    if len(mutant.done) == 1 and renamed:
        assert values(new) == values(documents(original) or [])
        assert not codes(after) - codes(Source("x.yaml", original))
    assert fixed(after).text == after.text, "nothing is left to fix"
    return True


def assert_made_readable(original: str, mutant: Mutant) -> bool:
    """The same of a text that can't be read: if it can be afterwards, nothing but quotes was added."""
    source = Source("x.yaml", mutant.text)
    fixes = [one.fix for one in Workspace().check(source).diagnostics if one.fix]
    if not fixes:
        return False
    assert [fix.safe for fix in fixes] == [True]
    readable = with_mark(repaired(source, fixes))
    assert re.sub("[\"']", "", readable) == re.sub("[\"']", "", mutant.text), "only quotes are added"
    found = documents(readable)
    assert found is not None, "a fixed text can be read"
    if set(mutant.done) == {"expression"}:
        assert values(documents(with_mark(fixed(source))) or []) == values(documents(original) or [])
    assert_safe(original, mutant._replace(text=readable))
    return True


def fixed(source: Source) -> Source:
    return fix_source(source, Workspace(), named=True)  # type: ignore[arg-type]


def with_mark(source: Source) -> str:
    return ("\ufeff" if source.bom else "") + source.text


def codes(source: Source) -> Counter[str]:
    return Counter(one.code for one in Workspace().check(source).diagnostics)


def values(found: list[Document]) -> list[object]:
    return [construct(one.root, text=True) for one in found]


def difference(old: list[Document], new: list[Document]) -> list[tuple[str, str]]:
    """The keys with another name in a second text, which says the same otherwise."""
    assert len(old) == len(new)
    renamed = []
    stack: list[tuple[Node | None, Node | None, bool]] = [
        (left.root, right.root, False) for left, right in zip(old, new, strict=True)
    ]
    met = 0
    while stack and (met := met + 1) < 20_000:
        left, right, is_key = stack.pop()
        if left is None or right is None:
            assert left is right
        elif isinstance(right, Scalar):
            if isinstance(left, Mapping):  # an expression without quotes
                assert right.value.startswith("{{")
            elif is_key and left.value != right.value:
                renamed.append((left.value, right.value))
            else:
                assert left.value == right.value
                assert left.style == right.style or not left.style
        else:
            assert type(left) is type(right)
            assert len(left.value) == len(right.value)
            if isinstance(left, Mapping):
                for (key, value), (other_key, other) in zip(left.value, right.value, strict=True):
                    stack += [(key, other_key, True), (value, other, False)]
                names = Counter(key.value for key, _ in right.value if isinstance(key, Scalar))
                assert max(names.values(), default=1) <= max(
                    Counter(key.value for key, _ in left.value if isinstance(key, Scalar)).values(), default=1
                )
            else:
                stack += [(one, other, False) for one, other in zip(left.value, right.value, strict=True)]
    return renamed


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_fixed_mutant_reads_the_same_but_for_its_mistake(batch: int) -> None:
    seeds = range(SEED * 1_000_000 + batch, SEED * 1_000_000 + MUTANTS, BATCHES)
    repairs = 0
    for seed in seeds:
        original, mutant = mutant_of(seed)
        try:
            repairs += assert_safe(original, mutant)
        except AssertionError as error:
            pytest.fail(f"seed {seed}: {error}\n{mutant.done}\n{mutant.text}")
    assert repairs > len(seeds) // 10  # else this would show nothing
