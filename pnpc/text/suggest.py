"""Near names, by edit distance: what a person may have meant."""

from collections.abc import Iterable

from pnpc.text.wording import NOTHING, NameList, Said, says

MOST = 3
_SHORT = 4
_MOST_SLIPS = 2
_SHORT_WORD = 5


def near(word: str, known: Iterable[str]) -> list[str]:
    """At most three known names near `word`, nearest first; empty if none is near.

    Near: at most a quarter of the letters differ (one of a short word), or only in case, `_` and `-`.
    """
    # Imported here: a clean file never asks, and the library takes longer to load than a file to check.
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    names = list(known)
    plain = _plain(word)
    same = [name for name in names if _plain(name) == plain and name != word]
    allowed = 1 if len(word) <= _SHORT else max(2, len(word) // 4)
    found = extract(word, names, scorer=OSA.distance, score_cutoff=allowed, limit=MOST + 1)
    return list(dict.fromkeys([*same, *(name for name, _, _ in found if name != word)]))[:MOST]


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The three known names that are most like a word, however far they are."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    return [name for name, _, _ in extract(word, list(known), scorer=OSA.normalized_similarity, limit=MOST)]


def is_slip(word: str, meant: str) -> bool:
    """Whether one name is so near another that it must be a slip of the pen: stricter than `near`.

    At most two letters differ in all, in no word of five letters or fewer more than one: `nmae` is `name`,
    but `payment_completed` is another thing than `shipment_completed`, and `fare` than `date`.
    """
    from rapidfuzz.distance import OSA

    if OSA.distance(word, meant) > _MOST_SLIPS:
        return False
    words, others = word.split("_"), meant.split("_")
    if len(words) != len(others):
        return True  # an underscore too few or too many
    return all(
        OSA.distance(a, b) <= (1 if len(b) <= _SHORT_WORD else _MOST_SLIPS) for a, b in zip(words, others, strict=True)
    )


def one_edit(word: str, meant: str) -> bool:
    """Whether one name is another with a letter more, less or other, or with two that changed places."""
    if word == meant or abs(len(word) - len(meant)) > 1:
        return False
    from rapidfuzz.distance import OSA

    return OSA.distance(word, meant, score_cutoff=1) <= 1


def similarity(word: str, text: str) -> float:
    """How well a word is found somewhere in a text, slips allowed: 0 to 100."""
    from rapidfuzz.fuzz import partial_ratio

    # The shorter of the two is looked for in the longer: a text of one letter would be found in every word.
    return partial_ratio(word, text) if len(text) >= len(word) else 0.0


def did_you_mean(names: list[str]) -> Said:
    """`; did you mean `a` or `b`?`, or nothing."""
    return says("; did you mean {meant}?", meant=NameList(names)) if names else NOTHING


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")
