"""The findings of the rules about catalog keys, made from the doubts of the catalog."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.catalog import KeyDoubt, Listing
from pnpc.text.document import Scalar
from pnpc.text.edits import requoted
from pnpc.text.finding import Edit, Finding, Fix, Place
from pnpc.text.suggest import did_you_mean
from pnpc.text.wording import NOTHING, Quote, Said, says

_NOUNS = {"templates": says("template"), "items": says("item"), "buttons": says("button")}
_WITH_ARTICLE = {"templates": says("a template"), "items": says("an item"), "buttons": says("a button")}
_PLURALS = {"templates": says("templates"), "items": says("items"), "buttons": says("buttons")}
_COUNTRIES = {"JP": "Japan", "TH": "Thailand", "TW": "Taiwan"}


def unknown(notice: Notice, context: Context, kind: str) -> Iterator[Finding]:
    """Keys of a kind that surely do not exist."""
    for its_kind, field, doubt in context.doubtful_keys(notice):
        if its_kind == kind and doubt.claim in ("refused", "unknown", "wrong-kind"):
            fix = None
            node = notice.tree.node(field.path)
            if len(doubt.near) == 1 and isinstance(node, Scalar):
                # Another key is another message, so a person must decide: the fix is not safe.
                edit = Edit(Place(field.path), requoted(node, doubt.near[0]), doubt.near[0])
                fix = Fix(says("change it to `{key}`", key=doubt.near[0]), (edit,), safe=False)
            yield Finding(Place(field.path), _unknown_message(field.text, kind, doubt), _help(kind, doubt), fix=fix)


def _help(kind: str, doubt: KeyDoubt) -> Said | None:
    if doubt.entry is not None and doubt.entry.was_answered:
        words = says("{note}; ", note=doubt.entry.note) if doubt.entry.note else NOTHING
        exists = next((claim for claim in doubt.entry.others if claim.known != "refused"), None)
        other = says("another catalog has it as {claim}; ", claim=exists.claim) if exists is not None else NOTHING
        return says("{words}{other}`pnpc verify --learn FILE` asks LINE again", words=words, other=other)
    return None if doubt.near else says("`pnpc catalog list {kind}` shows the known keys", kind=kind)


def _unknown_message(key: str, kind: str, doubt: KeyDoubt) -> Said:
    meant = did_you_mean(list(doubt.near))
    if doubt.claim == "wrong-kind" and doubt.entry is not None:
        return says(
            "`{key}` is {what}, not {wanted}{meant}",
            key=key,
            what=_WITH_ARTICLE[doubt.entry.kind],
            wanted=_WITH_ARTICLE[kind],
            meant=meant,
        )
    if doubt.entry is not None and doubt.entry.was_answered:
        return says(
            "LINE refused {noun} `{key}`{when}{account}{meant}",
            noun=_NOUNS[kind],
            key=key,
            when=says(" on {day}", day=doubt.entry.date) if doubt.entry.date else NOTHING,
            account=says(" for the account `{account}`", account=Quote(doubt.entry.account))
            if doubt.entry.account
            else NOTHING,
            meant=meant,
        )
    note = says(" ({note})", note=doubt.entry.note) if doubt.entry is not None and doubt.entry.note else NOTHING
    return says("there is no {noun} `{key}`{note}{meant}", noun=_NOUNS[kind], key=key, note=note, meant=meant)


def other_country(notice: Notice, context: Context) -> Iterator[Finding]:
    """Keys that belong to another country's list."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "other-country":
            here = _COUNTRIES[context.country(notice) or "JP"]
            message = says(
                "{noun} `{key}` is for accounts of {country}; this spec is for {here}",
                noun=_NOUNS[kind],
                key=field.text,
                country=_COUNTRIES[doubt.other],
                here=here,
            )
            yield Finding(Place(field.path), message)


def suffix(notice: Notice, context: Context) -> Iterator[Finding]:
    """Unlisted keys that end like the keys of another country."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "suffix":
            here = _COUNTRIES[context.country(notice) or "JP"]
            message = says(
                "{noun} `{key}` ends like a key of {country}; this spec is for {here}",
                noun=_NOUNS[kind],
                key=field.text,
                country=_COUNTRIES[doubt.other],
                here=here,
            )
            yield Finding(Place(field.path), message)


def unlisted(notice: Notice, context: Context) -> Iterator[Finding]:
    """Keys that may exist: the list is not complete, and no known key is similar."""
    for kind, field, doubt in context.doubtful_keys(notice):
        if doubt.claim == "unlisted":
            country = context.country(notice) or "JP"
            listing = context.catalog.country(country).listings[kind]  # type: ignore[index]
            message = says(
                "{noun} `{key}` is not in the catalog, which {held}",
                noun=_NOUNS[kind],
                key=field.text,
                held=_held(listing, kind, _COUNTRIES[country]),
            )
            help = says("compare it with LINE's page; `catalogs` in pnpc.toml adds your own keys")
            yield Finding(Place(field.path), message, help)


def _held(listing: Listing, kind: str, country: str) -> Said:
    """How much of LINE's list the catalog has."""
    held, nouns = listing.held, _PLURALS[kind]
    if listing.total:
        return says(
            "holds {held} of {country}'s {total} {nouns}", held=held, country=country, total=listing.total, nouns=nouns
        )
    if not held:
        return says("holds no {nouns} of {country}", nouns=nouns, country=country)
    return says(
        "holds {held} {nouns} of {country}; how many LINE has is not known",
        held=held,
        nouns=_NOUNS[kind] if held == 1 else nouns,
        country=country,
    )
