"""The URIs of actions: their schemes as written, and whether they can be URIs at all."""

from collections.abc import Iterator
from re import compile as regex
from typing import NamedTuple

from pnpc.spec.context import Context
from pnpc.spec.expression import blotted
from pnpc.spec.limits import limits
from pnpc.spec.notice import Notice
from pnpc.spec.objects import Object, Objects, objects
from pnpc.spec.suggest import did_you_mean, near
from pnpc.text.finding import Place

# The URIs that a tap opens: the role of the object, and its property.
PROPERTIES = (("action", "uri"), ("action", "linkUri"), ("altUri", "desktop"), ("link", "linkUri"))
_SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BLANK = regex(r"\s")
_WEB = regex(r"(?i:https?):(?!//[^/?#\s])")


class Uri(NamedTuple):
    """A URI that something speaks against. `unknown`: its scheme is none of LINE's, which Flex may allow; else it is bad."""

    place: Place
    unknown: bool
    in_flex: bool
    message: str
    help: str | None = None


def doubtful(notice: Notice, context: Context) -> list[Uri]:
    """The URIs that are wrong or of an unknown scheme."""
    return objects(notice, context).once(_doubtful)


def _doubtful(found: Objects) -> list[Uri]:
    return [
        uri for role, name in PROPERTIES for one in found.of(role) if name in one.members for uri in _read(one, name)
    ]


def _read(one: Object, name: str) -> Iterator[Uri]:
    written = one.text(name)
    if not written:
        return
    known = limits()["uriSchemes"]["everywhere"]
    # Only what stands before the first expression is sure.
    sure, filled, _ = written.partition("{{") if one.filled else (written, "", "")
    place, in_flex = one.at(name), one.place in ("flex", "")
    scheme = _SCHEME.match(sure)
    if scheme is not None and scheme[1].lower() not in known:
        close = did_you_mean(near(scheme[1].lower(), known)) or f"; LINE knows {', '.join(known)}"
        yield Uri(place, True, in_flex, f"the scheme `{scheme[1]}`{close}")
    elif scheme is None and (not filled or any(character in sure for character in "/?#")):
        yield Uri(place, False, in_flex, "not a whole URI: it needs a scheme, as in https://example.com/")
    elif scheme is not None and not filled and _WEB.match(sure):
        yield Uri(place, False, in_flex, "not a whole URI: it needs a host, as in https://example.com/")
    elif _BLANK.search(blotted(written) if one.filled else written):
        yield Uri(place, False, in_flex, "a URI can't hold blanks; percent-encode them (%20)")
