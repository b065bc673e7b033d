"""What would be asked: for `pnpc verify --dry-run`."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pnpc.cli.asking.report import answer_name, not_line
from pnpc.cli.common import count_of
from pnpc.deliver.asking.asker import PER_SECOND, Inquiry
from pnpc.deliver.asking.variants import Unfilled, Variant
from pnpc.deliver.asking.verification import calibration, measurements, question_about
from pnpc.line.service import api as line_api
from pnpc.line.service import no_ones_digest, questions
from pnpc.report.clean import visible

if TYPE_CHECKING:
    from pnpc.cli.asking.learning import Learner

_ACCOUNT = {
    "bot-info": "the account's name",
    "webhook-endpoint": "the webhook's URL, and whether it is on",
    "webhook-test": "a test of the webhook: LINE posts a body without events to it",
    "quota": "the month's quota",
    "quota-consumption": "how much of it is used",
}


class VerifyPlan(NamedTuple):
    """What is to be asked: about these messages, about the account, and what is to be kept of the answers."""

    messages: Sequence[Variant | Unfilled]
    account: bool
    learner: "Learner | None"


class PlannedInquiry(NamedTuple):
    """A question, and what it asks, in words."""

    question: Inquiry
    about: str


def as_text(plan: VerifyPlan, api: str) -> str:
    """For people: one line for each request."""
    from pnpc.cli.table import table

    asked = list(_planned(plan))
    calls = [(planned.question.endpoint, planned.about) for planned in asked]
    rows = [(endpoint.method, endpoint.path, visible(about)) for endpoint, about in calls]
    left = "".join(f"not asked: {visible(answer_name(other))}: {visible(other.says)}\n" for other in _unfilled(plan))
    count = f"{count_of(len(asked), 'request')} to {api}, at most {PER_SECOND} a second; nothing was sent\n"
    recipient = f"recipient of template messages: {no_ones_digest()}, which no phone number has\n"
    return not_line(api) + (table(("METHOD", "PATH", "ABOUT"), rows) if rows else "") + left + recipient + count


def as_json(plan: VerifyPlan, api: str) -> str:
    """For programs: each request whole, but for the token."""
    said = {
        "version": 1,
        "dryRun": True,
        "api": api,
        "isLine": api == line_api(),
        "perSecond": PER_SECOND,
        "recipient": no_ones_digest(),
        "requests": [_request(planned, api) for planned in _planned(plan)],
        "notAsked": [
            {"file": other.file, "name": other.name, "case": other.chosen, "says": other.says}
            for other in _unfilled(plan)
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _unfilled(plan: VerifyPlan) -> list[Unfilled]:
    return [message for message in plan.messages if isinstance(message, Unfilled)]


def _request(planned: PlannedInquiry, api: str) -> dict[str, Any]:
    question = planned.question
    return {
        "method": question.endpoint.method,
        "url": api + question.endpoint.path,
        "headers": question.headers,
        "body": question.body,
        "about": planned.about,
    }


def _planned(plan: VerifyPlan) -> Iterator[PlannedInquiry]:
    variants = [message for message in plan.messages if isinstance(message, Variant)]
    if plan.account or any(variant.kind == "template" for variant in variants):
        yield PlannedInquiry(calibration(), "a template that can't exist: LINE must refuse it (400)")
    measured: set[str] = set()
    for variant in variants:
        named = answer_name(variant) + (f" ({variant.chosen})" if variant.chosen else "")
        yield PlannedInquiry(question_about(variant), named)
        for kind, question in measurements(variant):
            if kind not in measured:
                measured.add(kind)
                about = f"{named}, with a key of {kind} that can't exist: LINE must refuse it (400)"
                yield PlannedInquiry(question, about)
    for name in _asked_of_account(plan):
        call = questions()[name]
        yield PlannedInquiry(Inquiry(call, {} if call.method == "POST" else None), _ACCOUNT[name])


def _asked_of_account(plan: VerifyPlan) -> list[str]:
    if plan.account:
        return list(_ACCOUNT)
    return [] if plan.learner is None else ["bot-info"]
