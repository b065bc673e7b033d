"""The proof of lengths, held against brute force: small specs with `$if`, `$for` and filters, every row tried.

The short form runs in the suite; `PNPC_SPECS=1000` asks for more of the same specs (and prints the figures with `-s`).
"""

import os
import random
from itertools import product
from typing import Any

from pnpc.language.directives.assembled import assembled, structure
from pnpc.language.filling.jinja import CompiledText, RenderError
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context, demands
from pnpc.language.proof.prove import UnprovedText, doubts
from pnpc.language.proof.witness import Search
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import allowance, compiler
from pnpc.line.grammar.units import utf16
from pnpc.text.nodes import compose
from pnpc.text.source import Source

SPECS = int(os.environ.get("PNPC_SPECS", "60"))
SEED = 20261127
TIGHT = 0.95  # of the bounds are reached
FOUND = 0.94  # of the longest and shortest texts are found

# Declarations as a spec has them, and all the values that they allow: or those that are longest where there are many.
DOMAINS: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("boolean", "text", (True, False)),
    ("string, enum: [a, bcd, 漢字です]", "text", ("a", "bcd", "漢字です")),
    ("string, enum: [x😀, yyyyyyyyyyyyyyyyyyyyyy]", "text", ("x😀", "yyyyyyyyyyyyyyyyyyyyyy")),
    ('string, pattern: "^[a-c]{1,3}$"', "text", ("a", "ab", "abc")),
    ('string, pattern: "^(ab|[漢字]{1,2})?$"', "text", ("", "漢", "ab", "漢字")),
    ("string, minLength: 1, maxLength: 3", "text", ("a", "あ", "あああ", "😀😀😀", "&&&")),
    ("integer, minimum: -3, maximum: 12", "number", tuple(range(-3, 13))),
    ("integer, minimum: 995, maximum: 1003", "number", tuple(range(995, 1004))),
    ("integer, minimum: 0, maximum: 60, multipleOf: 20", "number", (0, 20, 40, 60)),
    ("integer, enum: [-1, 0, 1500000]", "number", (-1, 0, 1500000)),
    ('string, format: date, enum: ["2024-08-10", "2026-01-02", "2026-12-31"]', "date", ("2024-08-10", "2026-01-02", "2026-12-31")),
    ('string, format: date, const: "2025-05-05"', "date", ("2025-05-05",)),
)  # fmt: skip
LINES = "{type: array, minItems: 1, maxItems: 2, items: {type: object, required: [kind, count], properties: {kind: {type: string, enum: [am, night]}, count: {type: integer, minimum: 1, maximum: 11}}}, example: [{kind: am, count: 1}]}"
ENTRIES = [{"kind": kind, "count": count} for kind in ("am", "night") for count in (1, 10, 11)]


def expression(chance: random.Random, names: dict[str, str], depth: int = 0) -> str:
    """An expression over some names, each of a kind."""
    name = chance.choice([*names])
    kind = names[name]
    own = {
        "text": ("", "| truncate(2)", "| urlencode", "| default('なし')", "| truncate(3, '.') | urlencode", "| default('') | urlencode"),
        "number": ("", "| number", "| currency", "+ 990", "* 3", "% 7", "// 4"),
        "date": ("", "| date", "| date('short')", "| date('full')", "| date('weekday') | urlencode"),
        "truth": ("",),
    }  # fmt: skip
    written = f"{name} {chance.choice(own[kind])}".strip()
    if kind == "truth" or (depth < 2 and chance.random() < 0.35):
        one, other = (expression(chance, names, depth + 1) if depth < 2 else "'z'" for _ in range(2))
        return f"({one}) if {condition(chance, names)} else ({other})"
    if depth < 2 and chance.random() < 0.25:
        return f"({written}) ~ ({expression(chance, names, depth + 1)})"
    return written


def condition(chance: random.Random, names: dict[str, str]) -> str:
    """A condition over one or two names."""
    made = []
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice([*names])
        ways = {
            "text": (f"{name} == 'abc'", f"{name}", f"{name} in ['a', 'bcd', 'am']", f"not {name}"),
            "number": (f"{name} > 5", f"0 <= {name} < 12", f"{name} != -1", f"{name} <= -1"),
            "date": (f"{name} < '2026-01-01'", f"{name} == '2024-08-10'"),
            "truth": (name, f"not {name}"),
        }[names[name]]
        made.append(chance.choice(ways))
    return f" {chance.choice(('and', 'or'))} ".join(made)


class Spec:
    """A small spec of one text, and every row that it allows."""

    def __init__(self, chance: random.Random) -> None:
        names, self.domains, declared = {}, {}, ""
        for name in "abc"[: chance.randint(1, 3)]:
            declaration, kind, values = chance.choice(DOMAINS)
            names[name] = "truth" if declaration == "boolean" else kind
            self.domains[name] = values
            declared += f"  {name}: {{type: {declaration}}}\n"
        self.loops = chance.random() < 0.4
        self.condition = condition(chance, names) if chance.random() < 0.6 else ""
        inner = {**names, "line.kind": "text", "line.count": "number"} if self.loops else names
        self.text = "".join(
            chance.choice(("", "No. ", "注文")) + "{{ " + expression(chance, inner) + " }}"
            for _ in range(chance.randint(1, 2))
        )
        steps = [f'$if: "{self.condition}"'] if self.condition else []
        steps += ["$for: line in lines"] if self.loops else []
        quoted = self.text.replace("'", "''")
        self.source = (
            f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n{declared}" + (f"  lines: {LINES}\n" if self.loops else "")
            + f"message:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n      - {{{', '.join([*steps, 'itemKey: name_010_ja'])}, content: '{quoted}'}}\n"
        )  # fmt: skip

    def brute(self) -> list[int]:
        """The lengths of the texts of all rows, in UTF-16 units."""
        filled = CompiledText(self.text, "JP")
        holds = CompiledText("{{ 'y' if " + (self.condition or "true") + " else 'n' }}", "JP")
        made = []
        for values in product(*self.domains.values()):
            row = dict(zip(self.domains, values, strict=True))
            if holds.fill(row) != "y":
                continue
            for entry in ENTRIES if self.loops else [None]:
                try:
                    made.append(utf16(filled.fill({**row, "line": entry})))
                except RenderError:
                    continue
        return made

    def doubted(self) -> UnprovedText | None:
        """What the proof knows of the text where no length fits; None if all rows make it empty, or none can be made."""
        allowance.begin()  # each spec is a run of its own
        context = Context(Catalog())
        (document,) = compose(Source("a.yaml", self.source))
        one = notices.read(document)
        found = structure(one, context)
        one = one if found is None else assembled(found)
        run = compiler.walk("spec", one.document, part="#", expressions=True)
        (demand,) = [demand for demand in run.demands if demand.path[-1] == "content"]
        nothing_fits = {"type": "string", "x-count": "utf16", "maxLength": 0}
        context.know(one, demands, [demand._replace(schema=nothing_fits)])
        return next((doubt for doubt in doubts(one, context) if doubt.fault is None), None)


def test_bounds_are_never_below_and_nearly_always_reached() -> None:
    chance = random.Random(SEED)
    reached, tried, loose = 0, 0, []
    for _ in range(SPECS):
        spec = Spec(chance)
        lengths = spec.brute()
        if not lengths:
            continue
        tried += 1
        most, doubt = max(lengths), spec.doubted()
        bound = doubt.most if doubt is not None else 0
        assert bound >= most, f"{bound} is below {most}\n{spec.source}"
        reached += bound == most
        if bound != most:
            loose.append((bound, most, spec.text, spec.condition, spec.domains))
    print(f"\n{tried} specs, {reached} bounds reached ({reached / tried:.1%})", *loose[:20], sep="\n")
    assert tried > SPECS * 0.7
    assert reached >= TIGHT * tried, loose


def test_the_longest_and_the_shortest_text_are_found_nearly_always() -> None:
    """An example makes the text that it says, and nearly always no row makes a longer or a shorter one."""
    chance = random.Random(SEED + 1)
    found = tried = 0
    for _ in range(SPECS // 2):
        spec = Spec(chance)
        lengths, doubt = spec.brute(), spec.doubted()
        if not lengths or doubt is None:
            continue
        search = Search(spec.text, doubt.names, "JP", doubt.conditions, 100)
        for least, wanted in ((False, max(lengths)), (True, min(lengths))):
            tried += 1
            witness = search.best(utf16, least=least)
            if witness is not None:
                assert witness.values.keys() <= {*spec.domains, "line"}
                assert CompiledText(spec.text, "JP").fill(witness.values) == witness.text
                assert utf16(witness.text) == witness.length
                found += witness.length == wanted
    assert tried > SPECS // 2
    assert found >= FOUND * tried, (found, tried)
