"""pnpc for programs: texts in, values out. No file is read, nothing is printed.

What stands in `__all__` is stable: it changes only with a new major version.
"""

from pnpc.check import engine
from pnpc.compile.plan import BadRow, CannotCompile
from pnpc.compile.targets import Payload
from pnpc.compile.text import SpecErrors, compile_text
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import allowance
from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source

__all__ = ["BadRow", "CannotCompile", "Diagnostic", "Payload", "SpecErrors", "check_text", "compile_text"]


def check_text(text: str, *, name: str = "<text>", country: str | None = None) -> list[Diagnostic]:
    """Check a spec or a request body, YAML or JSON; every mistake in the order of the text, empty if there is none.

    `name` stands in the diagnostics as their file; `country` (JP, TH, TW) is for specs that name none. Lines and
    columns are 1-based, columns and `span` in characters (code points). Never raises for any text.

    >>> [one.code for one in check_text("pnpc: 1")]
    ['PNP102', 'PNP102', 'PNP110']
    """
    allowance.begin()
    return list(engine.check(Source(name, text), Context(Catalog(), country), {}).diagnostics)
