"""What a rule may know beside the message: the country, the catalog. Also the claims about keys, worked out once."""

from pnpc.spec.catalog import Catalog, Doubt
from pnpc.spec.notice import Field, Notice

Doubtful = list[tuple[str, Field, Doubt]]


class Context:
    """The surroundings of one check: shared by all documents, with a memory of the last one's keys."""

    def __init__(self, catalog: Catalog, country: str | None = None) -> None:
        self.catalog = catalog
        self._country = country
        self._last: tuple[Notice, Doubtful] | None = None

    def country(self, notice: Notice) -> str | None:
        """The country of a message: its own word, or the config's; None where neither names one that exists."""
        stated = notice.country.text if notice.country else self._country
        return stated if stated in ("JP", "TH", "TW") else None

    def doubtful_keys(self, notice: Notice) -> Doubtful:
        """The keys of a message that something speaks against: kind (templates, items, buttons), field, doubt."""
        if self._last is None or self._last[0] is not notice:
            country = self.country(notice)
            found: Doubtful = []
            for kind, field in notice.keys():
                if field.text and "{{" not in field.text:
                    doubt = self.catalog.doubt(field.text, kind, country)  # type: ignore[arg-type]
                    if doubt is not None:
                        found.append((kind, field, doubt))
            self._last = (notice, found)
        return self._last[1]
