"""Check for programs: a text in, diagnostics out; and the fixes that diagnostics offer."""

from collections.abc import Iterable

from pnpc.check import engine
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import allowance
from pnpc.text.edits import repaired
from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source


def check_text(text: str, *, name: str = "<text>", country: str | None = None) -> list[Diagnostic]:
    """Check a spec or a request body, YAML or JSON; every mistake in the order of the text, empty if there is none.

    `name` stands in the diagnostics as their file; `country` (JP, TH, TW) is for specs that name none. Lines and
    columns are 1-based, columns and `span` in characters (code points). Never raises for any text. `load` does the same
    with a config, catalogs and fragments.

    >>> [diagnostic.code for diagnostic in check_text("pnpc: 1")]
    ['PNP102', 'PNP102', 'PNP110']
    """
    allowance.begin()
    return list(engine.check(Source(name, text), Context(Catalog(), country), {}).diagnostics)


def apply_fixes(text: str, diagnostics: Iterable[Diagnostic], *, unsafe: bool = False) -> str:
    """The text with the fixes that its diagnostics offer: the safe ones, or with `unsafe` all of them.

    `diagnostics` are those of this very text. Of fixes that overlap, the first is applied: check the new text again, and
    apply what it still offers. Diagnostics in other files (fragments) change nothing here.

    >>> text = 'pnpc: 1\\nname: hello\\ncountry: JP\\nmessage: {templateKeey: shipment_completed_ja}\\n'
    >>> apply_fixes(text, check_text(text)).splitlines()[3]
    'message: {templateKey: shipment_completed_ja}'
    """
    fixes = [diagnostic.fix for diagnostic in diagnostics if diagnostic.fix is not None]
    new = repaired(Source("", text), [fix for fix in fixes if fix.safe or unsafe])
    return ("\ufeff" if new.bom else "") + new.text
