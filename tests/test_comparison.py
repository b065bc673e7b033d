"""What a text must keep through a fix: two texts are held against each other, node by node."""

import pytest

from pnpc.check.comparison import Comparison
from pnpc.text.finding import Edit
from pnpc.text.nodes import compose
from pnpc.text.source import Source, Span


def is_same(before: str, after: str, edits: dict[int, Edit] | None = None) -> bool:
    (old,), (new,) = compose(Source("a.yaml", before)), compose(Source("a.yaml", after))
    comparison = Comparison(before, edits or {})
    return comparison.is_same(old.root, new.root) and comparison.met == (edits or {}).keys()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1", "a: 1  # a comment"),
        ("a: {b: 1}", "a:\n  b: 1"),
        ("a: &x [1]\nb: *x", "a: &y [1]\nb: *y"),
        ("- 1\n-\n", "- 1\n-"),
    ],
)
def test_the_same_in_other_writing(before: str, after: str) -> None:
    assert is_same(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1", "b: 1"),
        ("a: 1", "a: 2"),
        ("a: 1", "a: '1'"),
        ("a: 1", "a: [1]"),
        ("a: {}", "a: []"),
        ("a: [1]", "a: [1, 2]"),
        ("a: [1, 2]", "a: [1]"),
        ("a: 1", "a: 1\nb: 2"),
        ("a: 1\nb: 2", "b: 2\na: 1"),
        ("a: &x [1]\nb: *x", "a: [1]\nb: [1]"),
        ("a: &x [1]\nb: &y [1]\nc: *x", "a: &x [1]\nb: &y [1]\nc: *y"),
    ],
)
def test_what_is_not_the_same(before: str, after: str) -> None:
    assert not is_same(before, after)


@pytest.mark.parametrize(
    ("before", "after", "reads", "same"),
    [
        ("ab: 1", "a: 1", "a", True),
        ("ab: 1", "c: 1", "a", False),  # another text than the edit promises
        ("ab: 1", "a: 2", "a", False),  # more than the edit
        ("ab: 1\na: 2", "a: 1\na: 2", "a", False),  # the name of another key
        ("ab: 1", "[a]: 1", "a", False),
        ("{ab: 1}", "{a: 1}", "a", True),
    ],
)
def test_an_edit_reads_what_it_promises(before: str, after: str, reads: str, same: bool) -> None:
    at = before.index("ab")
    assert is_same(before, after, {at: Edit(Span(at, at + 2), reads, reads)}) is same
