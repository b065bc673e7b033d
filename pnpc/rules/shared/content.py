"""What the rules about content find in texts, links and amounts; a clean message costs one look at each."""

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

# A quick pattern for most links that `is_usual` accepts. In a host of at most 63 characters no part is too long.
_PLAIN = regex(r"https://((?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+[a-z]+)(?:/(?:[A-Za-z0-9_/-]|\{\{[^{}?#.%]*\}\})*)?")
_MOST_PLAIN_HOST = 63  # characters of a host that is judged at a glance
# A filled link, with all the characters that no rule reports.
_LETTER = r"(?:[A-Za-z0-9_~!$'()*,:@-]|%[0-9A-F]{2})"
_FILLED = regex(
    rf"https://((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)(/(?:[/.;=]|{_LETTER})*)?(\?(?:[/.&=]|{_LETTER})*)?(?:#(?:[/?.&=]|{_LETTER})*)?"
)
_KEYS = regex(r"[?&]([^=&]*)")
_NAMES = regex(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)")
_NUMBERS = ("integer", "number")


def advertises(notice: Notice, context: Context) -> bool:
    """Whether one of the message's texts may have a word of advertising."""
    fields = notice.contents if notice.kind == "template" else reader(notice, context).texts
    texts = [field.text for field in fields if not _is_expression(field.text, notice)]
    return bool(texts) and policy.may_advertise(texts)


def has_plain_links(notice: Notice) -> bool:
    """Whether all links of a template message are plain, so that no rule can report them.

    A plain link has https, a host that is on no list, and a path without a dot and without a query; no text has a link.
    """
    for button in notice.buttons:
        url = button.url.text if button.url else ""
        if not is_plain_link(url) or ("{" in url and not notice.is_spec):
            return False
    return not any("http" in content.text.lower() for content in notice.contents)


def plain_host(text: str) -> str:
    """The host of a plain URL, in which nothing can be wrong (see `is_usual`); empty for any other text."""
    plain = _PLAIN.fullmatch(text)
    return plain[1] if plain is not None and len(plain[1]) <= _MOST_PLAIN_HOST else ""


def is_plain_link(text: str) -> bool:
    """Whether a link is plain (see `has_plain_links`); its path may have an expression."""
    host = plain_host(text)
    return bool(host) and policy.doubtful_host(host) is None


# --- quick tests for the values of rows ---


@lru_cache(maxsize=1)
def _of_advertising() -> Test:
    words = frozenset(word.folded for group in policy.words().values() for word in group)
    return Test(lambda text: policy.may_advertise([text]), words)


def advertising_at(_notice: Notice, path: Path) -> Test | None:
    """The test for words of advertising, for places that people read."""
    return _of_advertising() if path[-1] == "content" else None


def _is_doubtful_link(text: str) -> bool:
    """Whether a text is not a plain link, so that a rule may report it."""
    link = _FILLED.fullmatch(text)
    if link is None or not is_usual(text) or policy.doubtful_host(link[1]) is not None:
        return True
    if link[2] and "." in link[2] and is_media_file(Link(text, text, (), 0)):
        return True
    return bool(link[3]) and any(policy.is_personal(key) for key in _KEYS.findall(link[3]))


OF_LINKS = Test(_is_doubtful_link, shape=True)
# In a text that people read, every link is doubtful.
_OF_TEXTS = Test(lambda text: "http" in policy.fold(text), words=frozenset(), parts=frozenset(("http",)))
looks_at_links = looks_at(url=OF_LINKS, content=_OF_TEXTS)


def amounts_at(notice: Notice, path: Path) -> Test | None:
    """The test for amounts without a currency, for places that hold an amount."""
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
    """Words of advertising in the texts that people read; the values of expressions are not known here."""
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
    """The links that the rules about links must look at."""
    return [link for link in reader(notice, context).tapped() if _is_doubtful(link)]


def _is_doubtful(link: Link) -> bool:
    parts = links.parts(link.masked)
    if parts is None:
        return False
    return bool(parts.query.text) or parts.scheme == "http" or _doubt(parts) is not None


def _doubt(parts: links.Parts) -> tuple[str, Said] | None:
    """The rule that reports the host of a web link, and what the host is; None if the whole host is an expression."""
    web = parts.scheme in ("http", "https") and parts.host.strip("x")
    return policy.doubtful_host(parts.host) if web else None


def hosts(rule: str, notice: Notice, context: Context) -> Iterator[Finding]:
    """Links whose host a rule (test-host or short-link) reports."""
    for link in doubtful_links(notice, context):
        parts = links.parts(link.masked)
        doubt = _doubt(parts) if parts is not None else None
        if parts is not None and doubt is not None and doubt[0] == rule:
            shown = link.text[parts.host_start : parts.host_end]
            yield Finding(
                link.at(parts.host_start, parts.host_end),
                says("`{host}` is {what}", host=shown, what=doubt[1]),
            )


def insecure(notice: Notice, context: Context) -> Iterator[Finding]:
    """Links that begin with http://, but not those to test hosts: another rule reports these, and they must go anyway."""
    for link in doubtful_links(notice, context):
        parts = links.parts(link.masked)
        if parts is not None and parts.scheme == "http":
            doubt = _doubt(parts)
            if doubt is None or doubt[0] != "test-host":
                start = len(link.text) - len(link.text.lstrip())
                yield Finding(
                    link.at(start, start + len("http://")), says("a link without encryption; write `https://`")
                )


def personal(notice: Notice, context: Context) -> Iterator[Finding]:
    """Keys and values of a link's query that identify the reader."""
    help = says("send the number of the order or booking, and find the person by it when the page is opened")
    for link in doubtful_links(notice, context):
        parts = links.parts(link.masked)
        for key, value in links.pairs(parts.query) if parts is not None else ():
            where = _personal(link, key, value)
            if where is not None:
                shown = link.text[where.start : where.start + len(where.text)]
                place = link.at(where.start, where.start + len(where.text))
                yield Finding(place, says("`{part}` in a link's query identifies the reader", part=shown), help)


def _personal(link: Link, key: LinkPart, value: LinkPart) -> LinkPart | None:
    """The personal part of a pair: a key with such a name, or a variable with such a name in the value. None if there is none."""
    if key.text and policy.is_personal(key.text):
        return key
    if MASK not in value.text:
        return None
    written = link.text[value.start : value.start + len(value.text)]
    for match in _NAMES.finditer(written):
        if match[1] in policy.facts().personal_expressions or policy.is_personal(match[1].rpartition(".")[2]):
            return LinkPart(match[1], value.start + match.start(1))
    return None


def bare_amounts(notice: Notice, _context: Context) -> list[Item]:
    """The items of a template message that have an amount without its currency."""
    known = policy.facts().amounts
    return [
        item
        for item in notice.all_items()
        if item.key is not None and item.key.text.startswith(known) and item.content and _is_bare(item.content, notice)
    ]


def _is_bare(content: Field, notice: Notice) -> bool:
    end = content.text.rpartition("}}")[2]  # most amounts end with their currency
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
