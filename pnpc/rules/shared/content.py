"""What the rules about content say of texts, links and amounts; a clean message is done with after one look at each."""

from collections.abc import Iterator
from functools import lru_cache

from pnpc.language.expressions.expression import MASK, masked
from pnpc.language.message import links
from pnpc.language.message.context import Context
from pnpc.language.message.links import Link, LinkPart, is_usual
from pnpc.language.message.notice import Field, Item, Notice
from pnpc.language.variables.used_names import FILTER_NAME
from pnpc.line import policy
from pnpc.rules.rule import Test, looks_at
from pnpc.rules.shared.media import is_media_file, reader
from pnpc.text.document import Scalar
from pnpc.text.finding import Finding, Place
from pnpc.text.lazy import regex
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.wording import NOTHING, Said, as_written, says

# A quick part of what `is_usual` takes: a host of at most so many characters has no part that is too long.
_PLAIN = regex(r"https://((?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+[a-z]+)(?:/(?:[A-Za-z0-9_/-]|\{\{[^{}?#.%]*\}\})*)?")
_MOST_PLAIN_HOST = 63
# The same once it is filled, with all that a link may hold of which no rule says anything.
_LETTER = r"(?:[A-Za-z0-9_~!$'()*,:@-]|%[0-9A-F]{2})"
_FILLED = regex(
    rf"https://((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)(/(?:[/.;=]|{_LETTER})*)?(\?(?:[/.&=]|{_LETTER})*)?(?:#(?:[/?.&=]|{_LETTER})*)?"
)
_KEYS = regex(r"[?&]([^=&]*)")
_NAMES = regex(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)")
_NUMBERS = ("integer", "number")


def advertises(notice: Notice, context: Context) -> bool:
    """Whether one of a message's texts may hold a word of advertising."""
    fields = notice.contents if notice.kind == "template" else reader(notice, context).texts
    texts = [field.text for field in fields if not _is_expression(field.text, notice)]
    return bool(texts) and policy.may_advertise(texts)


def has_plain_links(notice: Notice) -> bool:
    """Whether the links of a template message are of the usual kind, of which no rule has anything to say.

    https, a host that is not on a list, a path without a dot and without a query; and no link inside a text.
    """
    for button in notice.buttons:
        url = button.url.text if button.url else ""
        if not is_plain_link(url) or ("{" in url and not notice.is_spec):
            return False
    return not any("http" in content.text.lower() for content in notice.contents)


def plain_host(text: str) -> str:
    """The host of a URL of the plainest kind, with which nothing can be wrong (see `is_usual`); empty for any other text."""
    plain = _PLAIN.fullmatch(text)
    return plain[1] if plain is not None and len(plain[1]) <= _MOST_PLAIN_HOST else ""


def is_plain_link(text: str) -> bool:
    """Whether a link is of the usual kind, as `has_plain_links` says; an expression may stand in its path."""
    host = plain_host(text)
    return bool(host) and policy.doubtful_host(host) is None


# --- what rows fill in: may a rule have something to say of it? ---


@lru_cache(maxsize=1)
def _of_advertising() -> Test:
    words = frozenset(word.folded for group in policy.words().values() for word in group)
    return Test(lambda text: policy.may_advertise([text]), words)


def advertising_at(_notice: Notice, path: Path) -> Test | None:
    """Whether a text may hold a word of advertising, where people read it."""
    return _of_advertising() if path[-1] == "content" else None


def _is_doubtful_link(text: str) -> bool:
    """Whether a text is anything but a link of the usual kind, of which no rule has anything to say."""
    link = _FILLED.fullmatch(text)
    if link is None or not is_usual(text) or policy.doubtful_host(link[1]) is not None:
        return True
    if link[2] and "." in link[2] and is_media_file(Link(text, text, (), 0)):
        return True
    return bool(link[3]) and any(policy.is_personal(key) for key in _KEYS.findall(link[3]))


OF_LINKS = Test(_is_doubtful_link, shape=True)
# Where people read, a text that holds a link is doubtful whatever the link is.
_OF_TEXTS = Test(lambda text: "http" in policy.fold(text), words=frozenset(), parts=frozenset(("http",)))
looks_at_links = looks_at(url=OF_LINKS, content=_OF_TEXTS)


def amounts_at(notice: Notice, path: Path) -> Test | None:
    """Whether a text may be an amount without its currency, where an amount stands."""
    known = policy.facts().amounts
    amounts = [
        item.content.path
        for item in notice.all_items()
        if item.content is not None and item.key is not None and item.key.text.startswith(known)
    ]
    return _of_amounts() if path in amounts else None


@lru_cache(maxsize=1)
def _of_amounts() -> Test:
    currencies = policy.facts().currencies
    return Test(lambda text: not any(word in text for word in currencies), unless=currencies)


def _is_expression(text: str, notice: Notice) -> bool:
    """Whether a text is one expression and nothing else."""
    return notice.is_spec and text.startswith("{{") and text.endswith("}}") and text.count("{{") == 1


def advertising(notice: Notice, context: Context) -> Iterator[Finding]:
    """Words of advertising in the texts that people read; what an expression fills in is not known here."""
    for field in reader(notice, context).texts:
        for hit in policy.advertising(masked(field.text, filled=notice.is_spec)):
            written = field.text[hit.start : hit.end]
            means = says(" ({means})", means=hit.word.means) if hit.word.means else NOTHING
            place = Place(field.path, "value", (hit.start, hit.end))
            yield Finding(
                place,
                says("`{written}`{means} reads as advertising", written=written, means=means),
                as_written(hit.word.reason),
            )


def doubtful_links(notice: Notice, context: Context) -> list[Link]:
    """The links that one of the rules about links has to look at."""
    return [link for link in reader(notice, context).tapped() if _is_doubtful(link)]


def _is_doubtful(link: Link) -> bool:
    found = links.parts(link.masked)
    if found is None:
        return False
    return bool(found.query.text) or found.scheme == "http" or _doubt(found) is not None


def _doubt(found: links.Parts) -> tuple[str, Said] | None:
    """The rule that reports a web link's host, and what that is; None where an expression is all of the host."""
    web = found.scheme in ("http", "https") and found.host.strip("x")
    return policy.doubtful_host(found.host) if web else None


def hosts(rule: str, notice: Notice, context: Context) -> Iterator[Finding]:
    """Links whose host a rule (test-host, short-link) reports."""
    for link in doubtful_links(notice, context):
        found = links.parts(link.masked)
        doubt = _doubt(found) if found is not None else None
        if found is not None and doubt is not None and doubt[0] == rule:
            shown = link.text[found.host_start : found.host_end]
            yield Finding(
                link.at(found.host_start, found.host_end),
                says("`{host}` is {what}", host=shown, what=doubt[1]),
            )


def insecure(notice: Notice, context: Context) -> Iterator[Finding]:
    """Links that begin with http://; of a test host only that it is one, for its link goes anyway."""
    for link in doubtful_links(notice, context):
        found = links.parts(link.masked)
        if found is not None and found.scheme == "http":
            doubt = _doubt(found)
            if doubt is None or doubt[0] != "test-host":
                start = len(link.text) - len(link.text.lstrip())
                yield Finding(
                    link.at(start, start + len("http://")), says("a link without encryption; write `https://`")
                )


def personal(notice: Notice, context: Context) -> Iterator[Finding]:
    """Keys and values of a link's query that tell who the reader is."""
    help = says("send the number of the order or booking, and look the person up when the page is opened")
    for link in doubtful_links(notice, context):
        found = links.parts(link.masked)
        for key, value in links.pairs(found.query) if found is not None else ():
            where = _personal(link, key, value)
            if where is not None:
                shown = link.text[where.start : where.start + len(where.text)]
                place = link.at(where.start, where.start + len(where.text))
                yield Finding(place, says("`{part}` in a link's query tells who the reader is", part=shown), help)


def _personal(link: Link, key: LinkPart, value: LinkPart) -> LinkPart | None:
    """The part of a pair that is personal: the key by its name, or an expression of the value by its variable's."""
    if key.text and policy.is_personal(key.text):
        return key
    if MASK not in value.text:
        return None
    written = link.text[value.start : value.start + len(value.text)]
    for found in _NAMES.finditer(written):
        if found[1] in policy.facts().personal_expressions or policy.is_personal(found[1].rpartition(".")[2]):
            return LinkPart(found[1], value.start + found.start(1))
    return None


def bare_amounts(notice: Notice, _context: Context) -> list[Item]:
    """The items of the template kind that hold an amount without its currency."""
    known = policy.facts().amounts
    return [
        item
        for item in notice.all_items()
        if item.key is not None and item.key.text.startswith(known) and item.content and _is_bare(item.content, notice)
    ]


def _is_bare(content: Field, notice: Notice) -> bool:
    end = content.text.rpartition("}}")[2]  # most amounts end in their currency, behind an expression or not
    if any(word in end for word in policy.facts().currencies):
        return False
    filters = policy.facts().currency_filters
    if any(name in content.text for name in filters) and not filters.isdisjoint(FILTER_NAME.findall(content.text)):
        return False
    shown = masked(content.text, filled=notice.is_spec)
    fixed = policy.fold(shown.replace(MASK, ""))
    if any(word in fixed for word in policy.facts().currencies):
        return False
    names = _NAMES.findall(content.text) if MASK in shown else ()
    return any(letter.isdigit() for letter in fixed) or any(_is_number(name, notice) for name in names)


def _is_number(name: str, notice: Notice) -> bool:
    kind = members(notice.variables.get(name)).get("type")
    return isinstance(kind, Scalar) and kind.value in _NUMBERS
