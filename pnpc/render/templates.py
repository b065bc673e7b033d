"""A message of the template kind, with the titles and labels that the catalog knows."""

from collections.abc import Iterator
from typing import Any

from pnpc.line.catalog import COUNTRIES, Catalog, CatalogKey, KeyKind
from pnpc.render.part import PagePart, inside, objects, text


def draw(body: dict[str, Any], catalog: Catalog, country: str | None) -> tuple[tuple[PagePart, ...], tuple[str, ...]]:
    """The parts of a request body, and notes on keys whose text is not known: the keys are shown instead."""
    unknown: list[str] = []

    def entry(key: str, kind: KeyKind) -> CatalogKey | None:
        keys = (catalog.country(code).listings[kind].keys.get(key) for code in ([country] if country else COUNTRIES))
        known = next((key for key in keys if key is not None and (key.label or key.title)), None)
        if known is None:
            unknown.append(f"`{key}`")
        return known

    def label(key: str, kind: KeyKind) -> str:
        known = entry(key, kind)
        return known.label if known is not None and known.label else key

    def parts() -> Iterator[PagePart]:
        template = entry(text(body, "templateKey"), "templates")
        yield PagePart("title", template.title or template.label if template else text(body, "templateKey"))
        if template is not None and template.description:
            yield PagePart("text", template.description)
        content = inside(body, "body")
        if item := inside(content, "emphasizedItem"):
            yield PagePart("strong", text(item, "content"), label(text(item, "itemKey"), "items"))
        for item in objects(content.get("items")):
            yield PagePart("field", text(item, "content"), label(text(item, "itemKey"), "items"))
        for button in objects(content.get("buttons")):
            yield PagePart("button", label(text(button, "buttonKey"), "buttons"), text(button, "url"))

    drawn = (PagePart("bubble", parts=tuple(parts())),)
    notes = (f"shown by their keys, because the catalog has no text for them: {', '.join(unknown)}",) if unknown else ()
    return drawn, notes
