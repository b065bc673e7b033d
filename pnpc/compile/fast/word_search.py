"""Many words looked for at once, by one regular expression that fails fast where none of them stands."""

import re
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from itertools import islice
from unicodedata import is_normalized

# Other ways to write a letter; those of a blank and an apostrophe are those of `pnpc.line.policy.fold`.
_WAYS = {" ": r"\s", "'": "['’‘]"}
_ROUGH = 3  # characters: with more a text rarely gets past fewer words


def searcher(words: Iterable[str], parts: Iterable[str] = ()) -> Callable[[str], object]:
    """A search for words and for parts of words, in lower case and NFKC, in a text of lower case that `is_plain`.

    A word that begins with an ASCII letter or digit is found only where no other stands before it. The search may find
    something too much, but never too little.
    """
    by_first: dict[str, list[str]] = {}
    for begins, group in ((True, words), (False, parts)):
        for word in sorted(group):
            rest = "".join(_WAYS.get(letter) or re.escape(letter) for letter in word[1:])
            by_first.setdefault(word[0], []).append((_begins(word[0]) if begins else "") + rest)
    # That each way begins with a letter, and no two with the same, is what makes `re` pass over all others at once.
    ways = (f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in by_first.items())
    return re.compile("|".join(ways)).search if by_first else lambda _text: None


def rough_searcher(words: Iterable[str]) -> Callable[[str], object]:
    """A quicker search that finds much too much, and never too little: the first characters of any word, in any mixture."""
    listed = list(words)
    if not listed:
        return lambda _text: None
    firsts = (set(letters) for letters in zip(*listed, strict=False))
    classes = ("".join(sorted(map(_in_class, letters))) for letters in islice(firsts, _ROUGH))
    return re.compile("".join(f"[{letters}]" for letters in classes)).search


def can_be_of(word: str, letters: AbstractSet[str]) -> bool:
    """Whether a text of these letters, lower case and NFKC, can hold a word."""
    return all(letter in letters or _is_other_way(letter, letters) for letter in word)


def _is_other_way(letter: str, letters: AbstractSet[str]) -> bool:
    return letter in _WAYS and any(re.fullmatch(_WAYS[letter], other) for other in letters)


def _in_class(letter: str) -> str:
    return _WAYS[letter].strip("[]") if letter in _WAYS else re.escape(letter)


def is_plain(text: str) -> bool:
    """Whether `str.lower` makes of a text what `pnpc.line.policy.fold` makes of it."""
    return text.isascii() or (is_normalized("NFKC", text) and text.lower() == text.casefold())


def _begins(first: str) -> str:
    return "(?<![a-z0-9].)" if first.isascii() and first.isalnum() else ""
