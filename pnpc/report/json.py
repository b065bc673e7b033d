"""The contract of `pnpc check --format json`, version 1 (`schemas/diagnostics.schema.json`)."""

from collections.abc import Mapping
from typing import Any

from pnpc.report import places
from pnpc.report.dump import dump
from pnpc.report.report import Report
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Source


def render(report: Report) -> str:
    """One object: version, diagnostics, summary."""
    diagnostics = [plain(one, report.sources) for one in report.diagnostics]
    summary = {name: count for name, count in report.summary._asdict().items() if count or name != "left_out"}
    return dump({"version": 1, "diagnostics": diagnostics, "summary": summary}, indent=2) + "\n"


def plain(one: Diagnostic, sources: Mapping[str, Source]) -> dict[str, Any]:
    """A diagnostic as JSON values. Its fix is null where the file's text is missing: its places can't be told."""
    return {
        "code": one.code,
        "name": one.name,
        "severity": one.severity,
        "message": one.message,
        "data": dict(one.data),
        "file": one.file,
        "path": one.path,
        "range": _range(one.range),
        "related": [
            {"file": other.file, "range": _range(other.range), "message": other.message} for other in one.related
        ],
        "help": one.help,
        "fix": _fix(one, sources),
        "url": f"docs/rules/{one.code}.md",
    }


def _fix(one: Diagnostic, sources: Mapping[str, Source]) -> dict[str, Any] | None:
    found = places.fixable(one, sources)
    if found is None:
        return None
    fix, source = found
    edits = [{"range": _range(places.range_of(source, span)), "text": text} for span, text in places.edits(fix)]
    return {"title": str(fix.title), "safe": fix.safe, "edits": edits}


def _range(where: Range) -> dict[str, Any]:
    return {"start": where.start._asdict(), "end": where.end._asdict()}
