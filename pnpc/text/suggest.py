"""Names that are near a misspelt one, by edit distance (rapidfuzz's OSA: insert, delete, replace, exchange neighbours).

rapidfuzz is imported in the functions: a clean file needs none of them, and the library takes longer to load than a
file to check.
"""

from collections.abc import Iterable

from pnpc.text.wording import NOTHING, NameList, Said, says

MOST = 3  # names that are suggested
_SHORT = 4  # letters of a word in which one may differ
_MOST_SLIPS = 2  # letters
_SHORT_WORD = 5  # letters


def near(word: str, known: Iterable[str]) -> list[str]:
    """At most three known names that are near `word`, the nearest first.

    Near means: at most a quarter of the letters differ (one in a short word), or only case, `_` and `-` differ.
    """
    from rapidfuzz.distance import OSA  # needed only for a mistake
    from rapidfuzz.process import extract

    names = list(known)
    plain = _plain(word)
    same = [name for name in names if _plain(name) == plain and name != word]
    allowed = 1 if len(word) <= _SHORT else max(2, len(word) // 4)
    alike = extract(word, names, scorer=OSA.distance, score_cutoff=allowed, limit=MOST + 1)
    return list(dict.fromkeys([*same, *(name for name, _, _ in alike if name != word)]))[:MOST]


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The three known names that are most like a word, even if none is near."""
    from rapidfuzz.distance import OSA  # needed only for a mistake
    from rapidfuzz.process import extract

    return [name for name, _, _ in extract(word, list(known), scorer=OSA.normalized_similarity, limit=MOST)]


def is_slip(word: str, meant: str) -> bool:
    """Whether a name is so near another that it must be a typing mistake: stricter than `near`.

    At most two letters differ, and at most one in a word of five letters or fewer: `nmae` is `name`, but
    `payment_completed` and `shipment_completed` are different things, and so are `fare` and `date`.
    """
    from rapidfuzz.distance import OSA  # needed only for a mistake

    if OSA.distance(word, meant) > _MOST_SLIPS:
        return False
    words, others = word.split("_"), meant.split("_")
    if len(words) != len(others):
        return True  # an underscore is missing or one too many
    return all(
        OSA.distance(a, b) <= (1 if len(b) <= _SHORT_WORD else _MOST_SLIPS) for a, b in zip(words, others, strict=True)
    )


def one_edit(word: str, meant: str) -> bool:
    """Whether a name is another one with a letter added, missing or different, or with two neighbours exchanged."""
    if word == meant or abs(len(word) - len(meant)) > 1:
        return False
    from rapidfuzz.distance import OSA  # needed only for a mistake

    return OSA.distance(word, meant, score_cutoff=1) <= 1


def similarity(word: str, text: str) -> float:
    """How well some part of a text matches a word: from 0 to 100."""
    from rapidfuzz.fuzz import partial_ratio  # needed only for a search

    # The library searches the shorter one in the longer one, so it would find a text of one letter in every word.
    return partial_ratio(word, text) if len(text) >= len(word) else 0.0


def did_you_mean(names: list[str]) -> Said:
    """The end of a message, `; did you mean `a` or `b`?`; NOTHING without names."""
    return says("; did you mean {meant}?", meant=NameList(names)) if names else NOTHING


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
