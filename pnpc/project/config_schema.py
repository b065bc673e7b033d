"""The grammar of the config: pnpc's own keys, and a table for each target that has settings."""

from pnpc.compile.targets import TARGETS
from pnpc.line.grammar import compiler
from pnpc.line.grammar.run import Run
from pnpc.line.grammar.schema import Schema, load
from pnpc.text.document import Document
from pnpc.text.finding import Finding

_NAME = "config"


def whole() -> Schema:
    """The JSON Schema of a config, put together from its file and what the targets say of their settings."""
    schema = load(_NAME)
    tables = {name: target.table() for name, target in TARGETS.items() if target.settings}
    return {**schema, "properties": {**schema["properties"], **tables}}


def check(document: Document) -> list[Finding]:
    """The mistakes in a config that may have tables of targets."""
    run = Run(json=document.json, expressions=False)
    if document.root is not None:
        compiler.compile_schema(whole(), _NAME)(document.root, (), run)
    return run.findings
