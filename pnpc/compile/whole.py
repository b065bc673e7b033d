"""A filled flexible message judged as a whole: what its values become can break rules that no single value breaks.

A template message needs none of this: there each value's own limits are all that LINE asks of it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pnpc.check.engine import check_notice
from pnpc.rules import get
from pnpc.spec import notice as notices
from pnpc.spec.answers import written
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import compose
from pnpc.text.source import Source


class Judge:
    """Runs the rules over filled bodies of one spec.

    What the unfilled spec breaks already is known: it passed the check, so the team has turned it off, lowered it or
    suppressed it, and it is not told again for every person.
    """

    def __init__(self, notice: Notice, context: Context) -> None:
        self._base = notice.base
        self._context = context
        self._country = notice.country
        self._known = _known(notice, context)

    def __call__(self, body: dict[str, Any], moved: Mapping[str, tuple[int, ...]]) -> Iterator[Finding]:
        """The errors of a body, at their places in the spec; `moved` is that of `pnpc.compile.message.Filled`."""
        text = json.dumps(body, ensure_ascii=False)
        (document,) = compose(Source("", text))
        for finding in check_notice(notices.read(document)._replace(country=self._country), self._context):
            if finding.rule in self._known or finding.rule == "missing-recipient":
                continue
            if get(finding.rule).severity == "error":
                where = finding.where
                path = (*self._base, *written(where.path, moved)) if isinstance(where, Place) else self._base
                # Inside the filled text the places are others than inside the expression: the value is shown whole.
                yield finding._replace(where=Place(path), related=(), fix=None)


def _known(notice: Notice, context: Context) -> set[str]:
    """The rules that a spec breaks before it is filled; with directives, those that it breaks in every case."""
    if notice.expansion is None or notice.expansion.structure is None:
        return {finding.rule for finding in check_notice(notice, context)}
    from pnpc.check.variants import check_structure

    return {told.finding.rule for told in check_structure(notice.expansion.structure, context) if told.always}
