"""The page: `templates/preview.html` filled, every text escaped. One file, no script, nothing loaded from elsewhere."""

from collections.abc import Sequence

from pnpc.compile.preview import flexible, templates
from pnpc.compile.preview.part import LANGUAGES, Page
from pnpc.compile.snapshot import Snapshot
from pnpc.data import read_text
from pnpc.spec.catalog import Catalog


def page_of(name: str, snapshot: Snapshot, catalog: Catalog, country: str | None) -> Page:
    """One message as a page shows it."""
    if "templateKey" in snapshot.body:
        parts, notes = templates.draw(snapshot.body, catalog, country)
    else:
        parts, notes = flexible.draw(snapshot.body)
    return Page(name, LANGUAGES.get(country or "", ""), parts, notes)


def render(pages: Sequence[Page]) -> str:
    """The HTML document that shows messages one below the other."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(read_text("templates", "preview.html")).render(pages=pages) + "\n"
