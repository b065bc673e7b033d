"""The grammar of the config: pnpc's own keys, and a table for each target that has settings."""

from pnpc.line.grammar import compiler
from pnpc.line.grammar.run import Run
from pnpc.line.grammar.schema import Schema, load
from pnpc.text.document import Document
from pnpc.text.finding import Finding
from pnpc.text.members import members

_NAME = "config"


def own_keys() -> frozenset[str]:
    """The keys that are not tables of targets."""
    return frozenset(load(_NAME)["properties"])


def whole() -> Schema:
    """The JSON Schema of a config, put together from its file and what the targets say of their settings."""
    from pnpc.compile.targets import TARGETS  # a config without their tables needs none of them

    schema = load(_NAME)
    tables = {name: target.table() for name, target in TARGETS.items() if target.settings}
    return {**schema, "properties": {**schema["properties"], **tables}}


def check(document: Document) -> list[Finding]:
    """The mistakes in a config."""
    root = document.root
    if root is None or own_keys().issuperset(members(root)):
        return compiler.check(_NAME, document, expressions=False)
    run = Run(json=document.json, expressions=False)
    compiler.compile_schema(whole(), _NAME)(root, (), run)
    return run.findings
