"""The page: `templates/preview.html` filled, every text escaped. One file, no script, nothing loaded from elsewhere."""

from collections.abc import Sequence

from pnpc.compile.diff.snapshot import Snapshot
from pnpc.data import read_text
from pnpc.line import sms
from pnpc.line.catalog import Catalog
from pnpc.render import flexible, templates
from pnpc.render.part import LANGUAGES, Page


def page_of(name: str, snapshot: Snapshot, catalog: Catalog, country: str | None) -> Page:
    """One message as a page shows it."""
    if "templateKey" in snapshot.body:
        parts, notes = templates.draw(snapshot.body, catalog, country)
    else:
        parts, notes = flexible.draw(snapshot.body)
    if snapshot.sms is not None:
        notes = (*notes, _cost(snapshot.sms))
    return Page(name, LANGUAGES.get(country or "", ""), parts, notes, snapshot.sms)


def _cost(text: str) -> str:
    """How many SMS a text takes with the examples."""
    parts = sms.parts(text)
    return f"SMS of {parts} part{'s' if parts > 1 else ''}, in {'GSM-7' if sms.is_gsm7(text) else 'UCS-2'}"


def render(pages: Sequence[Page]) -> str:
    """The HTML document that shows messages one below the other."""
    from jinja2 import Environment, StrictUndefined  # slow to load; only the page needs it

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(read_text("templates", "preview.html")).render(pages=pages) + "\n"
