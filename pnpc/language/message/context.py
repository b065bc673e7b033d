"""What a rule may know beside the message: country, catalog, fragments, and what other rules have already worked out."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, TypeVar

from pnpc.language.message.notice import Field, Notice
from pnpc.line.catalog import COUNTRIES, Catalog, KeyDoubt
from pnpc.line.grammar.run import Demand

if TYPE_CHECKING:
    from pnpc.language.cases.parts import Fragments

Result = TypeVar("Result")
Doubtful = list[tuple[str, Field, KeyDoubt]]

# From a spec's file and its name to the bytes of the approval beside that file; None if there is none.
Approvals = Callable[[str, str], bytes | None]


def demands(_notice: Notice) -> list[Demand]:
    """What the grammar demands of the texts that expressions fill in; empty for a message that it was not run over.

    The walk over a message by its grammar finds the demands, and `Context.know` keeps them under this function.
    """
    return []


class Context:
    """What one run of check knows: shared by all documents, with a memory of what was worked out for the last one.

    `approvals` gives the approval of a spec (see `pnpc.language.review.approval.review`); without it reviews are not checked.
    `fragments` gives the files that a spec includes (see `pnpc.language.directives.reading`); without it none can be.
    `media_hosts` are the hosts of pictures supplied by LINE (see `pnpc.rules.shared.media.allowed`).
    """

    def __init__(
        self,
        catalog: Catalog,
        country: str | None = None,
        approvals: Approvals | None = None,
        media_hosts: tuple[str, ...] = (),
        fragments: "Fragments | None" = None,
    ) -> None:
        self.catalog = catalog
        self.approvals = approvals
        self.media_hosts = media_hosts
        self.fragments = fragments
        self._country = country
        self._notice: Notice | None = None
        self._results: dict[Any, Any] = {}

    def country(self, notice: Notice) -> str | None:
        """The country of a message, from the spec or else from the config; None where neither names one that exists."""
        stated = notice.country.text if notice.country else self._country
        return stated if stated in COUNTRIES else None

    def know(self, notice: Notice, work: Callable[[Notice], Result], result: Result) -> None:
        """Keep what `work` would give for a message, because it has already been worked out elsewhere."""
        if notice is not self._notice:
            self._notice, self._results = notice, {}
        self._results[work] = result

    def once(self, notice: Notice, work: Callable[..., Result], *given: Hashable) -> Result:
        """The result of `work` for a message (and what is given beside it), worked out when it is first asked for: several
        rules share it."""
        if notice is not self._notice:
            self._notice, self._results = notice, {}
        key = (work, *given) if given else work
        if key not in self._results:
            self._results[key] = work(notice, *given)
        result: Result = self._results[key]
        return result

    def doubtful_keys(self, notice: Notice) -> Doubtful:
        """The keys of a message that the catalog does not confirm: kind (templates, items, buttons), field, doubt."""
        return self.once(notice, self._doubtful_keys)

    def _doubtful_keys(self, notice: Notice) -> Doubtful:
        country = self.country(notice)
        doubtful: Doubtful = []
        for kind, field in notice.catalog_keys:
            if field.text and not (notice.is_spec and "{{" in field.text):
                doubt = self.catalog.doubt(field.text, kind, country)
                if doubt is not None:
                    doubtful.append((kind, field, doubt))
        return doubtful
