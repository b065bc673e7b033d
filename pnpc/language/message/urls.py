"""One judgement of URLs, for both kinds, for variables of `format: uri`, and for what a row fills in.

`text` is a URL in which every character of an expression is MASK: what is not known yet is not judged.
"""

from typing import Literal, NamedTuple

from pnpc.language.expressions.expression import MASK
from pnpc.line.limits import limits
from pnpc.text.lazy import regex
from pnpc.text.wording import Said, says

Kind = Literal["broken", "scheme", "doubtful"]

_SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NOT_HERE = regex(
    r'[\x01-\x20\x7f-\xa0"<>\\^`{|}]|[^\S\n]'
)  # spaces of any script, control characters, RFC 3986's rest
_HALF = regex("%(?![0-9A-Fa-f]{2}|\0|[0-9A-Fa-f]\0)")
_RAW = regex("[^\x00-\x7f]+")
_HOST_AND_PORT = regex(r"(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+):[0-9]{1,5}(?:[/?#]|$)")
_NOT_IN_HOST = regex("[^A-Za-z0-9._~%\0\x80-\U0010ffff-]")
_FILLED_IN = regex("\0+")
_MOST_PORT = 65_535  # the largest number of a port
# Characters of a part of a host's name, and of the whole name: RFC 1035, 2.3.4 (the names' 255 octets as people write them).
_MOST_PART, _MOST_HOST = 63, 253
_ESCAPED = {" ": "%20", "\u3000": "%E3%80%80", "\t": "%09"}
_WHOLE = says("as in https://example.com/")


class UrlFault(NamedTuple):
    """What speaks against a URL, at its characters (code points) `start` to `end`.

    - broken: it leads nowhere, or LINE refuses it.
    - scheme: whole, but LINE's docs do not know its scheme; whether it may be that of an app depends on the place.
    - doubtful: phones and servers read it differently.

    `is_no_url`: the text lacks what makes it a URL, and the message says what it is not.
    """

    kind: Kind
    message: Said
    start: int
    end: int
    help: Said | None = None
    is_no_url: bool = False


def is_whole(text: str) -> bool:
    """Whether a text is a URI, as `format: uri` means it: not broken, and with nothing but ASCII."""
    return text.isascii() and not any(fault.kind == "broken" for fault in faults(text))


def faults(text: str) -> list[UrlFault]:
    """What speaks against a URL: at most one fault of each kind."""
    broken = _bad_character(text)
    shape = _shape(text)
    faulty = [broken] if broken is not None else [] if shape is None else [shape]
    raw = _RAW.search(text)
    if raw is not None and broken is None and (shape is None or shape.kind != "broken"):
        faulty.append(_not_encoded(text, raw.start(), raw.end()))
    return faulty


def _bad_character(text: str) -> UrlFault | None:
    """A character that a URL can't hold as it is, or a `%` without two hex digits."""
    wrong = _NOT_HERE.search(text)
    if wrong is not None:
        character, at = wrong[0], wrong.start()
        if character.isspace():
            name = (
                says("a space") if character == " " else says("the space U+{code_point:04X}", code_point=ord(character))
            )
            instead = _ESCAPED.get(character)
            edge = at == 0 or not text[at:].strip()
            help = says("remove it") if edge or instead is None else says("write it as `{instead}`", instead=instead)
            return UrlFault("broken", says("a URL can't hold {name}", name=name), at, at + 1, help)
        if character == "{" and (end := text.find("}", at)) > 0:
            return UrlFault(
                "broken", says("`{text}` is not filled in: a URL can't hold braces", text=_visible(text[at : end + 1])), at, end + 1,
                says("an expression is written `{{{{ name }}}}`, in a spec"),
            )  # fmt: skip
        if not character.isprintable():
            message = says("a URL can't hold the character U+{code_point:04X}", code_point=ord(character))
            return UrlFault("broken", message, at, at + 1, says("remove it"))
        return UrlFault(
            "broken",
            says("a URL can't hold `{character}`", character=character),
            at,
            at + 1,
            says("write it as `{instead}`", instead=encoded(character)),
        )
    half = _HALF.search(text)
    if half is None:
        return None
    at = half.start()
    help = says("two hex digits must follow it; a `%` itself is written `%25`")
    return UrlFault(
        "broken",
        says("`{text}` is not a percent-encoded character", text=_visible(text[at : at + 3])),
        at,
        at + 1,
        help,
    )


def _visible(text: str) -> str:
    """A part of a URL as a message shows it, with an ellipsis for what an expression fills in."""
    return _FILLED_IN.sub("…", text)


def _not_whole(lacks: Said, start: int, end: int) -> UrlFault:
    message = says("not a whole URL: {lacks}, {example}", lacks=lacks, example=_WHOLE)
    return UrlFault("broken", message, start, end, is_no_url=True)


def _shape(text: str) -> UrlFault | None:
    """What is wrong with the scheme, the host or the port."""
    known, _, _ = text.partition(MASK)
    scheme = _SCHEME.match(known)
    if scheme is None:
        open_start = known != text and not any(character in known for character in "/?#")
        return None if open_start else _not_whole(says("it needs a scheme"), 0, len(text))
    if _HOST_AND_PORT.match(known):
        return _not_whole(says("it needs a scheme before the host"), 0, scheme.end())
    name, end = scheme[1].lower(), scheme.end()
    schemes = limits()["uriSchemes"]
    if name in schemes["never"]:
        help = says("use https, {example}", example=_WHOLE)
        return UrlFault("broken", says("a message can't lead to `{scheme}`", scheme=scheme[0]), 0, end, help)
    if name in ("http", "https"):
        return _web(text, end)
    if name in schemes["everywhere"]:
        return (
            None
            if text[end:].strip("/")
            else UrlFault("broken", says("nothing follows `{text}`", text=text), 0, len(text))
        )
    from pnpc.text.suggest import did_you_mean, near  # few URLs have another scheme

    close = did_you_mean(near(name, schemes["everywhere"])) or says(
        "; LINE knows {known}", known=tuple(schemes["everywhere"])
    )
    return UrlFault("scheme", says("the scheme `{scheme}`{close}", scheme=scheme[1], close=close), 0, end - 1)


def _web(text: str, at: int) -> UrlFault | None:
    """What is wrong with the host and the port of a web link; `at`: behind the `:` of its scheme."""
    if not text.startswith("//", at):
        if text.startswith(MASK, at) or (text[at : at + 1] == "/" and text.startswith(MASK, at + 1)):
            return None
        return _not_whole(says("`//` and a host must follow `{text}`", text=text[:at]), 0, len(text))
    begin, end = _authority(text, at + 2)
    host, port_at = _split(text, begin, end)
    if not host:
        return _not_whole(says("it needs a host"), 0, len(text))
    user = _user_fault(text, at + 2, begin)
    if user is not None:
        return user
    if host.startswith("["):
        if MASK not in host and not (host.endswith("]") and _is_address(host[1:-1], 6)):
            return UrlFault("broken", says("`{host}` is not an IPv6 address", host=host), begin, port_at)
    else:
        wrong = _host_fault(host, begin)
        if wrong is not None:
            return wrong
    rest = text[port_at:end]
    if rest.strip(MASK) and not rest.startswith((":", MASK)):
        return UrlFault("broken", says("`{rest}` can't follow the host", rest=_visible(rest)), port_at, end)
    port = rest[1:]
    if rest == ":":
        return UrlFault("broken", says("no port follows the `:`"), port_at, end, says("remove the `:`"))
    if port and MASK not in port and not _is_port(port):
        return UrlFault(
            "broken", says("`{port}` is not a port (1 to {limit})", port=port, limit=_MOST_PORT), port_at + 1, end
        )
    return None


def _authority(text: str, begin: int) -> tuple[int, int]:
    """Where the host of a link begins (behind a user), and where its port ends."""
    end = min((at for at in (text.find(mark, begin) for mark in "/?#") if at >= 0), default=len(text))
    return max(begin, text.rfind("@", begin, end) + 1), end


def _split(text: str, begin: int, end: int) -> tuple[str, int]:
    """The host that begins at `begin` (an address with its brackets), and where it ends."""
    in_brackets = text.startswith("[", begin)
    last = text.find("]" if in_brackets else ":", begin, end)
    stop = end if last < 0 else last + in_brackets
    return text[begin:stop], stop


def _user_fault(text: str, begin: int, host: int) -> UrlFault | None:
    """What is wrong with the user of a link, which stands from `begin` to the `@` before the `host`."""
    user = text[begin : host - 1]
    if host == begin or MASK in user:
        return None
    if not user or user.startswith(":"):
        help = says("remove the `@` and what stands before it")
        return UrlFault("broken", says("no user stands before the `@`"), begin, host, help)
    second = user.find("@")
    if second >= 0:
        at = begin + second
        return UrlFault("broken", says("a second `@` before the host"), at, at + 1, says("write it as `%40`"))
    return None


def _host_fault(host: str, begin: int) -> UrlFault | None:
    wrong = _NOT_IN_HOST.search(host)
    if wrong is not None:
        at = begin + wrong.start()
        return UrlFault("broken", says("a host can't hold `{wrong}`", wrong=wrong[0]), at, at + 1)
    labels = host.removesuffix(".").split(".")
    if not all(labels):
        return UrlFault(
            "broken",
            says("`{host}` is not a host: two dots, or a dot at its start", host=_visible(host)),
            begin,
            begin + len(host),
        )
    wrong_part = _part_fault(host, begin)
    if wrong_part is not None:
        return wrong_part
    if MASK not in host and labels[-1].isascii() and labels[-1].isdigit() and not _is_address(host, 4):
        return UrlFault(
            "broken", says("`{host}` is neither a host nor an IPv4 address", host=host), begin, begin + len(host)
        )
    return None


def _part_fault(host: str, begin: int) -> UrlFault | None:
    """A part of a host's name that can't be one on the internet, or a name that is too long.

    Where an expression begins, only the start of its part is known, and nothing behind it.
    """
    known, masked, _ = host.partition(MASK)
    at = begin
    parts = (known if masked else known.removesuffix(".")).split(".")
    for number, part in enumerate(parts, 1):
        whole = not masked or number < len(parts)
        if part.startswith("-") or (whole and part.endswith("-")):
            if part.startswith("-"):
                message = says("`{part}`: a part of a host can't begin with `-`", part=part)
            else:
                message = says("`{part}`: a part of a host can't end with `-`", part=part)
            return UrlFault("broken", message, at, at + len(part))
        if whole and len(part) > _MOST_PART:
            message = says("a part of a host of {length} characters, limit {limit}", length=len(part), limit=_MOST_PART)
            return UrlFault("broken", message, at, at + len(part))
        at += len(part) + 1
    if not masked and len(host.removesuffix(".")) > _MOST_HOST:
        message = says(
            "a host of {length} characters, limit {limit}",
            length=len(host.removesuffix(".")),
            limit=_MOST_HOST,
        )
        return UrlFault("broken", message, begin, begin + len(host))
    return None


def _is_address(text: str, version: int) -> bool:
    from ipaddress import ip_address  # for the rare link to one

    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.version == version and "%" not in text


def _is_port(port: str) -> bool:
    return port.isascii() and port.isdigit() and 0 < int(port[:9]) <= _MOST_PORT


def _not_encoded(text: str, start: int, end: int) -> UrlFault:
    shown = text[start:end]
    scheme = _SCHEME.match(text)
    _, host_end = _authority(text, scheme.end() + 2) if scheme is not None else (0, 0)
    if shown.isprintable():
        what = says("`{text}`", text=shown)
    else:
        what = says("the invisible character U+{code_point:04X}", code_point=ord(shown[0]))
    if not shown.isprintable():
        help = says("remove it")
    elif start < host_end:
        help = says("write the host in its ASCII form (xn--…)")
    else:
        help = says("write it as `{instead}`", instead=encoded(shown))
    return UrlFault(
        "doubtful", says("{what} is not percent-encoded: some phones do not open it", what=what), start, end, help
    )


def encoded(text: str) -> str:
    """A text percent-encoded in UTF-8."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
