"""What the rules about catalog keys say, from the claims that the catalog makes of them."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.catalog import Doubt, Listing
from pnpc.text.document import Scalar
from pnpc.text.edits import requoted
from pnpc.text.finding import Edit, Finding, Fix, Place
from pnpc.text.suggest import did_you_mean

_NOUNS = {"templates": "template", "items": "item", "buttons": "button"}
_COUNTRIES = {"JP": "Japan", "TH": "Thailand", "TW": "Taiwan"}


def unknown(notice: Notice, context: Context, kind: str) -> Iterator[Finding]:
    """Keys of a kind that surely do not exist."""
    for its_kind, field, doubt in context.doubtful_keys(notice):
        if its_kind == kind and doubt.claim in ("refused", "unknown", "wrong-kind"):
            fix = None
            node = notice.tree.node(field.path)
            if len(doubt.near) == 1 and isinstance(node, Scalar):
                # Another key is another message: a person must choose it.
                edit = Edit(Place(field.path), requoted(node, doubt.near[0]), doubt.near[0])
                fix = Fix(f"change it to `{doubt.near[0]}`", (edit,), safe=False)
            message = _unknown_message(field.text, kind, doubt)
            help = None if doubt.near else f"`pnpc catalog list {kind}` shows what is known"
            yield Finding(Place(field.path), message, help, fix=fix)


def _unknown_message(key: str, kind: str, doubt: Doubt) -> str:
    noun = _NOUNS[kind]
    if doubt.claim == "wrong-kind" and doubt.entry is not None:
        other = _NOUNS[doubt.entry.kind]
        return f"`{key}` is {_a(other)}, not {_a(noun)}{did_you_mean(list(doubt.near))}"
    note = f" ({doubt.entry.note})" if doubt.entry is not None and doubt.entry.note else ""
    return f"there is no {noun} `{key}`{note}{did_you_mean(list(doubt.near))}"


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def other_country(notice: Notice, context: Context) -> Iterator[Finding]:
    """Keys that belong to another country's list."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "other-country":
            here = _COUNTRIES[context.country(notice) or "JP"]
            message = (
                f"{_NOUNS[kind]} `{field.text}` is for accounts of {_COUNTRIES[doubt.other]}; this spec is for {here}"
            )
            yield Finding(Place(field.path), message)


def suffix(notice: Notice, context: Context) -> Iterator[Finding]:
    """Unlisted keys whose ending is another country's."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "suffix":
            here = _COUNTRIES[context.country(notice) or "JP"]
            message = (
                f"{_NOUNS[kind]} `{field.text}` ends like a key of {_COUNTRIES[doubt.other]}; this spec is for {here}"
            )
            yield Finding(Place(field.path), message)


def unlisted(notice: Notice, context: Context) -> Iterator[Finding]:
    """Keys that may exist: the list is not complete, and nothing near is known."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "unlisted":
            country = context.country(notice) or "JP"
            listing = context.catalog.country(country).listings[kind]  # type: ignore[index]
            message = f"{_NOUNS[kind]} `{field.text}` is not in the catalog, which {_held(listing, kind, _COUNTRIES[country])}"
            help = "compare it with LINE's page; `catalogs` in pnpc.toml adds keys of your own"
            yield Finding(Place(field.path), message, help)


def _held(listing: Listing, kind: str, country: str) -> str:
    """How much of LINE's list the catalog has."""
    if listing.total:
        return f"holds {listing.held} of {country}'s {listing.total} {kind}"
    if not listing.held:
        return f"holds no {kind} of {country}"
    noun = _NOUNS[kind] if listing.held == 1 else kind
    return f"holds {listing.held} {noun} of {country}; how many LINE has is not known"
