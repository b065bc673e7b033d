"""What LINE said, for people and for programs."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pnpc.cli.common import count_of
from pnpc.deliver.asking.fact import Fact
from pnpc.deliver.asking.variants import Unfilled, Variant
from pnpc.deliver.asking.verdicts import REASONS, LineVerdict
from pnpc.deliver.asking.verification import Answered
from pnpc.line.service import api as line_api
from pnpc.project.files import shown
from pnpc.report.clean import visible
from pnpc.text.finding import Diagnostic

if TYPE_CHECKING:
    from pnpc.text.source import Source

_WORDS = {"verified": "verified", "refused": "refused", "cannot-tell": "cannot tell", "not-asked": "not asked"}
MEASURED = "LINE judges the template key before the recipient: it refused one that can't exist"
# By what is worst: the exit code of a run.
_CODES = {"refused": 1, "not-asked": 2, "cannot-tell": 3}


class LearnedKeys(NamedTuple):
    """What was kept of the answers: the catalog file, how many keys LINE took and refused, how many entries stayed because they
    are LINE's word and another address was asked, and what to do with the file."""

    file: str
    verified: int
    refused: int
    stayed: int = 0
    to_do: str = ""
    failed: str = ""


class VerifyReport(NamedTuple):
    """A run of `pnpc verify`: the address, in which order LINE judges (None: not measured), what it said of each message, and
    of the account; `account`: whether that was asked for."""

    api: str
    calibrated: LineVerdict | None
    answers: tuple[Answered | Unfilled, ...]
    facts: tuple[Fact, ...]
    account: bool
    learned: LearnedKeys | None = None

    def words(self) -> list[str]:
        """The verdict of each message, and of each question about the account that got no answer."""
        facts = [fact.state for fact in self.facts] if self.account else []
        return [*map(_word, self.answers), *(state for state in facts if state in _CODES)]

    def code(self) -> int:
        """The exit code."""
        if self.learned is not None and self.learned.failed:
            return _CODES["not-asked"]
        words = self.words()
        return next((code for word, code in _CODES.items() if word in words), 0)


def not_line(api: str) -> str:
    """What is said of an address that is not LINE's; empty for LINE's own."""
    return "" if api == line_api() else f"{api} is not LINE: what it says is not LINE's word\n"


def as_text(report: VerifyReport, *, color: bool) -> str:
    """The report for people."""
    measured = bool(report.answers) and report.calibrated is not None and report.calibrated.word == "refused"
    parts = [not_line(report.api), f"{MEASURED}\n" if measured else ""]
    parts += [diagnostics_as_text(*_all_diagnostics(report), color=color), _messages(report)]
    if report.account:
        parts.append(_account(report.facts))
    parts += [_to_do(report), _summary(report)]
    if report.learned is not None:
        parts.append(_learned(report.learned, report.api))
    return "".join(parts)


def as_json(report: VerifyReport) -> str:
    """The report for programs: what docs/verify.md describes."""
    return _dumped(report, *_all_diagnostics(report))


def mistakes_as_json(api: str, diagnostics: "Sequence[Diagnostic]", sources: "Mapping[str, Source]") -> str:
    """The same where `pnpc check` finds mistakes, so that nothing was asked."""
    return _dumped(VerifyReport(api, None, (), (), account=False), diagnostics, sources)


def _dumped(report: VerifyReport, diagnostics: "Sequence[Diagnostic]", sources: "Mapping[str, Source]") -> str:
    from pnpc.report.json import plain

    said = {
        "version": 1,
        "api": report.api,
        "isLine": report.api == line_api(),
        "calibration": None if report.calibrated is None else _calibration(report.calibrated),
        "specs": [_message(answer) for answer in report.answers],
        "account": [fact_json(fact) for fact in report.facts] if report.account else None,
        "learned": None if report.learned is None else _kept(report.learned),
        "diagnostics": [plain(diagnostic, sources) for diagnostic in diagnostics],
        "summary": _counts(report),
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _word(answer: Answered | Unfilled) -> str:
    return answer.word if isinstance(answer, Unfilled) else answer.verdict.word


def _all_diagnostics(report: VerifyReport) -> "tuple[list[Diagnostic], Mapping[str, Source]]":
    """The diagnostics of all messages, each once, and the texts that they stand in."""
    diagnostics: dict[Diagnostic, None] = {}
    sources: dict[str, Source] = {}
    for answer in report.answers:
        for diagnostic in answer.diagnostics:
            diagnostics[diagnostic] = None
        for file in answer.files if answer.diagnostics else ():
            sources[file.name] = file
    return list(diagnostics), sources


def diagnostics_as_text(diagnostics: "Sequence[Diagnostic]", sources: "Mapping[str, Source]", *, color: bool) -> str:
    """Errors in frames, as `pnpc check` shows them; empty without any."""
    if not diagnostics:
        return ""
    from pnpc.deliver.sending.redact import masked
    from pnpc.report import render
    from pnpc.report.report import Report, Summary
    from pnpc.text.source import Source

    shown_sources = {name: Source(name, masked(source.text)) for name, source in sources.items()}
    files = len({diagnostic.file for diagnostic in diagnostics})
    summary = Summary(files=files, errors=len(diagnostics), warnings=0)
    return render("full", Report(tuple(diagnostics), summary, shown_sources), color=color) + "\n"


def _messages(report: VerifyReport) -> str:
    if not report.answers:
        return ""
    from pnpc.cli.table import table

    rows = [
        (visible(answer_name(answer)), visible(_chosen(answer)), _WORDS[_word(answer)], visible(_says(answer)))
        for answer in report.answers
    ]
    if any(chosen for _, chosen, _, _ in rows):
        return table(("SPEC", "CASE", "LINE", ""), rows)
    return table(("SPEC", "LINE", ""), [(name, word, says) for name, _, word, says in rows])


def answer_name(answer: Answered | Unfilled | Variant) -> str:
    """What people know a message by: the spec's name, or its file."""
    holder = answer.variant if isinstance(answer, Answered) else answer
    return holder.name or shown(holder.file)


def _chosen(answer: Answered | Unfilled) -> str:
    return answer.chosen if isinstance(answer, Unfilled) else answer.variant.chosen


def _says(answer: Answered | Unfilled) -> str:
    return answer.says if isinstance(answer, Unfilled) else REASONS[answer.verdict.reason][0]


def _account(facts: tuple[Fact, ...]) -> str:
    from pnpc.cli.table import table

    rows = [(fact.topic, visible(fact.says)) for fact in facts]
    return table(("ACCOUNT", ""), rows)


def _to_do(report: VerifyReport) -> str:
    """What to do about what is not as it should be, each once."""
    lines = dict.fromkeys(_advice(report))
    return "".join(f"{line}\n" for line in lines)


def _advice(report: VerifyReport) -> Iterator[str]:
    for answer in report.answers:
        if isinstance(answer, Answered):
            says, to_do = REASONS[answer.verdict.reason]
            if to_do and answer.verdict.word != "verified":
                detail = f": {' '.join(answer.verdict.detail.split())}" if answer.verdict.detail else ""
                yield visible(f"{_WORDS[answer.verdict.word]}: {says}{detail}; {to_do}")
    for fact in report.facts if report.account else ():
        if fact.to_do:
            yield f"{fact.topic}: {fact.to_do}"


def _summary(report: VerifyReport) -> str:
    if not report.answers:
        return ""
    counts = Counter(map(_word, report.answers))
    named = ", ".join(f"{counts[word]:,} {name}" for word, name in _WORDS.items() if counts[word])
    return f"{count_of(len(report.answers), 'message')}: {named}\n"


def _learned(learned: LearnedKeys, api: str) -> str:
    if learned.failed:
        return f"nothing was kept: {visible(learned.failed)}\n"
    keys = f"{count_of(learned.verified, 'verified key')}, {count_of(learned.refused, 'refused key')}"
    stayed = f"{count_of(learned.stayed, 'key')} stayed: LINE's own word is not replaced by that of {api}\n"
    return (
        f"{visible(shown(learned.file))}: {keys}\n"
        + (stayed if learned.stayed else "")
        + (f"note: {learned.to_do}\n" if learned.to_do else "")
    )


def _counts(report: VerifyReport) -> dict[str, int]:
    counts = Counter(map(_word, report.answers))
    return {"messages": len(report.answers), **{word: counts[word] for word in _WORDS}}


def _verdict(verdict: LineVerdict) -> dict[str, Any]:
    says, to_do = REASONS[verdict.reason]
    return {"verdict": verdict.word, "reason": verdict.reason, "says": says, "toDo": to_do}


def _calibration(verdict: LineVerdict) -> dict[str, Any]:
    """Whether LINE judges the template key before the recipient; `ok` is null where that can't be told."""
    ok = True if verdict.word == "refused" else False if verdict.reason in ("order", "accepted") else None
    said = _verdict(verdict)
    return {"ok": ok, "reason": said["reason"], "says": MEASURED if ok else said["says"], "toDo": said["toDo"]}


def _kept(learned: LearnedKeys) -> dict[str, Any]:
    counts = {"verified": learned.verified, "refused": learned.refused, "stayed": learned.stayed}
    return {"file": learned.file, **counts, "toDo": learned.to_do, "failed": learned.failed}


def _message(answer: Answered | Unfilled) -> dict[str, Any]:
    head = {"file": answer.file, "name": answer.name}
    if isinstance(answer, Unfilled):
        return {
            **head, "kind": None, "case": answer.chosen, "verdict": answer.word, "reason": "unfilled", "says": answer.says,
            "toDo": "", "status": None, "requestId": None, "keys": [],
        }  # fmt: skip
    keys = [
        {"kind": key.kind, "key": key.key, "verdict": "verified" if says is None else "refused", "says": says}
        for key, says in answer.keys
    ]
    return {
        **head, "kind": answer.variant.kind, "case": answer.variant.chosen, **_verdict(answer.verdict),
        "status": answer.status, "requestId": answer.request_id, "keys": keys,
    }  # fmt: skip


def fact_json(fact: Fact) -> dict[str, Any]:
    """A fact for programs."""
    return {"topic": fact.topic, "state": fact.state, "says": fact.says, "toDo": fact.to_do, "data": dict(fact.data)}
