"""What the rules about media find, from one look at a message's objects; loaded for flexible messages only."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pnpc.language.message.context import Context
from pnpc.language.message.links import Link, Reader, ending, of_template
from pnpc.language.message.notice import Notice
from pnpc.text.finding import Finding
from pnpc.text.wording import Said, as_written, says

if TYPE_CHECKING:
    from pnpc.language.message.media import Medium, Surface

_DRAW = says(
    "say it in words, or draw it with boxes and colours; "
    "`media-hosts` in pnpc.toml lets pictures through that LINE itself supplies"
)
_HELP = {"image": _DRAW, "icon": _DRAW}


def surface(notice: Notice, context: Context) -> "Surface":
    """The media of a flexible message, and what people read and tap in it; found once for all rules."""
    from pnpc.language.message.media import survey  # needed for flexible messages only
    from pnpc.language.message.objects import objects

    return objects(notice, context).once(survey)


def reader(notice: Notice, context: Context) -> Reader:
    """What people read and tap in a message of either kind."""
    return context.once(notice, of_template) if notice.kind == "template" else surface(notice, context).reader


def media_findings(rule: str, notice: Notice, context: Context) -> Iterator[Finding]:
    """The findings of a rule about media in a flexible message, without pictures that the config lets through."""
    if notice.kind != "flexible":
        return
    for medium in surface(notice, context).media:
        if medium.rule == rule and not _is_supplied(medium, notice, context):
            yield _finding(medium)


def media_links(notice: Notice, context: Context) -> list[Link]:
    """Links to a media file, wherever a reader can tap or copy them."""
    read = reader(notice, context)
    return [link for link in (*read.tapped(), *read.quoted) if is_media_file(link)]


def is_media_file(link: Link) -> bool:
    """Whether a link leads to a file whose name ends like that of a picture, video or sound."""
    last = ending(link)
    if not last:
        return False
    from pnpc.line.media_types import media_facts  # few links end like a file

    return last in media_facts().endings


def _is_supplied(medium: "Medium", notice: Notice, context: Context) -> bool:
    hosts = context.media_hosts
    return bool(hosts) and medium.url is not None and allowed(medium.url, hosts, filled=notice.is_spec)


def allowed(url: str, hosts: tuple[str, ...], *, filled: bool) -> bool:
    """Whether the config lets a picture's URL through.

    `hosts` are hosts, or hosts with the beginning of a path (`vos.line-scdn.net/lon-msg-dsgn/`). An expression may stand
    only after what is listed: after the host, or after the end of the listed path. `filled`: the URL may have expressions.
    """
    if not url.startswith("https://") or "\\" in url or ".." in url or "%2e" in url.casefold() or url != url.strip():
        return False
    fixed = url.partition("{{")[0] if filled else url
    host, slash, rest = fixed.removeprefix("https://").partition("/")
    for listed in hosts:
        its_host, _, its_path = listed.partition("/")
        if host.casefold() != its_host.casefold() or not slash:
            continue
        if not its_path or rest == its_path or rest.startswith(its_path if its_path.endswith("/") else its_path + "/"):
            return not its_path or fixed == url or "?" in rest
    return False


def _finding(medium: "Medium") -> Finding:
    related = tuple((where, says("this too")) for where in medium.related)
    doubt = _doubt(medium)
    if doubt is not None:
        return Finding(medium.where, doubt, related=related)
    if medium.rule == "unknown-media":
        return Finding(medium.where, _unknown(medium), says("LINE's docs have no URL here"), related)
    urls = tuple((where, says("from here")) for where in medium.related)
    message = says(
        "`{written}` is {what}; a notification message can't hold pictures, videos or sounds",
        written=medium.written,
        what=as_written(medium.shows),
    )
    return Finding(medium.where, message, _HELP.get(medium.rule), urls)


def _doubt(medium: "Medium") -> Said | None:
    """The message for something that the review may take as a picture or a sound; None for what surely is one."""
    written = medium.written
    if medium.rule == "line-emoji":
        return says("`{written}`: LINE shows its emoji as pictures, and the review may object to them", written=written)
    if medium.rule == "location-map":
        return says("`{written}`: LINE shows a map, and the review may object to it as a picture", written=written)
    if medium.rule == "asks-for-media":
        return says(
            "`{written}` asks the reader for a picture or a sound, which is unusual in a notification", written=written
        )
    return None


def _unknown(medium: "Medium") -> Said:
    what = {
        "type": says("a URL in an object of the unknown type `{written}`", written=medium.written),
        "name": says("a URL under the unknown key `{written}`", written=medium.written),
        "place": says("a URL under `{written}`, which takes no URL here", written=medium.written),
    }
    return says(
        "{what} may be a picture, a video or a sound; a notification message can't hold pictures, videos or sounds",
        what=what[medium.shows],
    )
