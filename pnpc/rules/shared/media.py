"""What the rules about media say, from one look at a message's objects; its code is loaded for the flexible kind only."""

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
    """The media of a flexible message, and what is read and tapped in it; looked for once for all rules."""
    from pnpc.language.message.media import survey
    from pnpc.language.message.objects import objects

    return objects(notice, context).once(survey)


def reader(notice: Notice, context: Context) -> Reader:
    """What is read and tapped in a message of either kind."""
    return context.once(notice, of_template) if notice.kind == "template" else surface(notice, context).reader


def found(rule: str, notice: Notice, context: Context) -> Iterator[Finding]:
    """The media of a flexible message that a rule reports, without the pictures that the config lets through."""
    if notice.kind != "flexible":
        return
    for medium in surface(notice, context).media:
        if medium.rule == rule and not _is_supplied(medium, notice, context):
            yield _finding(medium)


def media_links(notice: Notice, context: Context) -> list[Link]:
    """Links that lead straight to a media file, wherever a reader can follow or copy them."""
    read = reader(notice, context)
    return [link for link in (*read.tapped(), *read.quoted) if is_media_file(link)]


def is_media_file(link: Link) -> bool:
    """Whether a link leads to a file with the ending of a picture, a video or a sound."""
    last = ending(link)
    if not last:
        return False
    from pnpc.line.media_types import media_facts

    return last in media_facts().endings


def _is_supplied(medium: "Medium", notice: Notice, context: Context) -> bool:
    hosts = context.media_hosts
    return bool(hosts) and medium.url is not None and allowed(medium.url, hosts, filled=notice.is_spec)


def allowed(url: str, hosts: tuple[str, ...], *, filled: bool) -> bool:
    """Whether a picture's URL is one of those that the config lets through.

    `hosts` are hosts, or hosts with the beginning of a path (`vos.line-scdn.net/lon-msg-dsgn/`). An expression may
    stand only behind what is listed: after the host alone, or, where a path is listed, after the path's end.
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
        return Finding(medium.where, _unknown(medium), says("LINE's docs know none here"), related)
    urls = tuple((where, says("from here")) for where in medium.related)
    message = says(
        "`{written}` is {what}; a notification message can't hold pictures, videos or sounds",
        written=medium.written,
        what=as_written(medium.shows),
    )
    return Finding(medium.where, message, _HELP.get(medium.rule), urls)


def _doubt(medium: "Medium") -> Said | None:
    """What is said of what the review may take as a picture or a sound; None of a medium that is one."""
    written = medium.written
    if medium.rule == "line-emoji":
        return says("`{written}`: LINE draws its emoji as pictures, and the review may take them so", written=written)
    if medium.rule == "location-map":
        return says("`{written}`: LINE draws a map with it, and the review may take that as a picture", written=written)
    if medium.rule == "asks-for-media":
        return says(
            "`{written}` asks the reader for a picture or a sound, which fits a notification badly", written=written
        )
    return None


def _unknown(medium: "Medium") -> Said:
    what = {
        "type": says("a URL in an object of the unknown type `{written}`", written=medium.written),
        "name": says("a URL under the unknown key `{written}`", written=medium.written),
        "place": says("a URL under `{written}`, which can't hold one here", written=medium.written),
    }
    return says(
        "{what} may be a picture, a video or a sound; a notification message can't hold pictures, videos or sounds",
        what=what[medium.shows],
    )
