"""A list of people: the only ones who are sent to in a first stage. A number becomes its digest at once, and is never shown."""

import re
from hashlib import sha256
from typing import NamedTuple

from pnpc.compile.tables.phones import BadPhone
from pnpc.compile.tables.phones import read as read_phone
from pnpc.compile.targets import Target
from pnpc.project.files import shown
from pnpc.project.streams import open_in

DIGITS = 32  # hexadecimal digits of a digest by which a person is known
_DIGEST = re.compile(r"[0-9a-fA-F]{64}")
_COMMENT = re.compile(r"(?:^|\s)#.*")


class BadList(Exception):
    """A list with a line that names no person. Its text is one line for people, with the number of the line."""


class OnlyThese(NamedTuple):
    """The people of a list, each by the first DIGITS of a digest (see `person`)."""

    file: str
    people: frozenset[str]


def person(name: str) -> str:
    """By what a recipient is known, from its name at the target (see `Target.recipient_name`): LINE's digest of a number, or
    the digest of another name, such as a contact's id."""
    digest = name.lower() if _DIGEST.fullmatch(name) else sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:DIGITS]


def only_these(file: str, target: type[Target], country: str | None) -> OnlyThese:
    """Read a list: one phone number (in E.164, or as it is written in `country`) or digest a line, `#` before a comment; for
    a target that takes no digests, the recipient's name there. Raises BadList, CouldNotRead."""
    people = set()
    with open_in(file) as lines:
        for number, line in enumerate(lines, 1):
            place = f"{shown(file)}:{number}"
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                raise BadList(f"{place}: not text in UTF-8") from None
            if word := _COMMENT.sub("", text).strip():
                people.add(_listed(word, target, country, place))
    if not people:
        raise BadList(f"{shown(file)} has no number and no digest: nothing could be sent")
    return OnlyThese(file, frozenset(people))


def _listed(word: str, target: type[Target], country: str | None, place: str) -> str:
    if _DIGEST.fullmatch(word) or "phone" not in target.columns:
        return person(word)
    try:
        return read_phone(word, country).digest[:DIGITS]
    except BadPhone as error:
        raise BadList(f"{place}: {error.message}; a line is a phone number or its digest") from None
