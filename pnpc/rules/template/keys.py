"""What the rules about catalog keys say, from the claims that the catalog makes of them."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.catalog import KeyDoubt, Listing
from pnpc.text.document import Scalar
from pnpc.text.edits import requoted
from pnpc.text.finding import Edit, Finding, Fix, Place
from pnpc.text.suggest import did_you_mean
from pnpc.text.wording import NOTHING, Said, as_written, says

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
                fix = Fix(says("change it to `{key}`", key=doubt.near[0]), (edit,), safe=False)
            message = _unknown_message(field.text, kind, doubt)
            help = None if doubt.near else says("`pnpc catalog list {kind}` shows what is known", kind=kind)
            yield Finding(Place(field.path), message, help, fix=fix)


def _unknown_message(key: str, kind: str, doubt: KeyDoubt) -> Said:
    noun, meant = _NOUNS[kind], did_you_mean(list(doubt.near))
    if doubt.claim == "wrong-kind" and doubt.entry is not None:
        return says(
            "`{key}` is {what}, not {wanted}{meant}",
            key=key,
            what=_a(_NOUNS[doubt.entry.kind]),
            wanted=_a(noun),
            meant=meant,
        )
    note = says(" ({note})", note=doubt.entry.note) if doubt.entry is not None and doubt.entry.note else NOTHING
    return says("there is no {noun} `{key}`{note}{meant}", noun=as_written(noun), key=key, note=note, meant=meant)


def _a(noun: str) -> Said:
    return as_written(f"an {noun}" if noun[0] in "aeiou" else f"a {noun}")


def other_country(notice: Notice, context: Context) -> Iterator[Finding]:
    """Keys that belong to another country's list."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "other-country":
            here = _COUNTRIES[context.country(notice) or "JP"]
            message = says(
                "{noun} `{key}` is for accounts of {country}; this spec is for {here}",
                noun=as_written(_NOUNS[kind]),
                key=field.text,
                country=_COUNTRIES[doubt.other],
                here=here,
            )
            yield Finding(Place(field.path), message)


def suffix(notice: Notice, context: Context) -> Iterator[Finding]:
    """Unlisted keys whose ending is another country's."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "suffix":
            here = _COUNTRIES[context.country(notice) or "JP"]
            message = says(
                "{noun} `{key}` ends like a key of {country}; this spec is for {here}",
                noun=as_written(_NOUNS[kind]),
                key=field.text,
                country=_COUNTRIES[doubt.other],
                here=here,
            )
            yield Finding(Place(field.path), message)


def unlisted(notice: Notice, context: Context) -> Iterator[Finding]:
    """Keys that may exist: the list is not complete, and nothing near is known."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "unlisted":
            country = context.country(notice) or "JP"
            listing = context.catalog.country(country).listings[kind]  # type: ignore[index]
            message = says(
                "{noun} `{key}` is not in the catalog, which {held}",
                noun=as_written(_NOUNS[kind]),
                key=field.text,
                held=_held(listing, kind, _COUNTRIES[country]),
            )
            help = says("compare it with LINE's page; `catalogs` in pnpc.toml adds keys of your own")
            yield Finding(Place(field.path), message, help)


def _held(listing: Listing, kind: str, country: str) -> Said:
    """How much of LINE's list the catalog has."""
    held, nouns = listing.held, as_written(kind)
    if listing.total:
        return says(
            "holds {held} of {country}'s {total} {nouns}", held=held, country=country, total=listing.total, nouns=nouns
        )
    if not held:
        return says("holds no {nouns} of {country}", nouns=nouns, country=country)
    return says(
        "holds {held} {nouns} of {country}; how many LINE has is not known",
        held=held,
        nouns=as_written(_NOUNS[kind]) if held == 1 else nouns,
        country=country,
    )
