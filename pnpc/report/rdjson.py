"""reviewdog's Diagnostic Format: columns count UTF-8 bytes from 1, an end is the position after the last one.

Source: https://github.com/reviewdog/reviewdog/blob/master/proto/rdf/reviewdog.proto
"""

from typing import Any

from pnpc.report import concise, places
from pnpc.report.clean import visible
from pnpc.report.dump import dump
from pnpc.report.report import Report
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position, Source


def render(report: Report) -> str:
    """One object, a DiagnosticResult."""
    diagnostics = [_plain(diagnostic, report) for diagnostic in report.diagnostics]
    return dump({"source": {"name": "pnpc"}, "diagnostics": diagnostics}, indent=2) + "\n"


def _plain(diagnostic: Diagnostic, report: Report) -> dict[str, Any]:
    source = report.sources.get(diagnostic.file)
    plain: dict[str, Any] = {
        "message": visible(diagnostic.message) + (f"\n{visible(diagnostic.help)}" if diagnostic.help else ""),
        "location": {"path": places.slashed(diagnostic.file), "range": _range(diagnostic.range, source)},
        "severity": diagnostic.severity.upper(),
        "code": {"value": diagnostic.code},
    }
    fixable = places.fixable(diagnostic, report.sources)
    if fixable is not None:
        # Each suggestion can be taken alone, and half a fix fixes nothing: so all its edits are one suggestion.
        span, text = places.as_one(*fixable)
        plain["suggestions"] = [{"range": _range(places.range_of(fixable[1], span), source), "text": text}]
    return plain | {"original_output": concise.line(diagnostic)}


def _range(where: Range, source: Source | None) -> dict[str, Any]:
    if source is None:  # without columns a range means whole lines
        return {"start": {"line": where.start.line}, "end": {"line": places.last_line(where)}}
    return {"start": _position(where.start, source), "end": _position(where.end, source)}


def _position(at: Position, source: Source) -> dict[str, int]:
    before = source.line(at.line)[: at.column - 1].encode("utf-8", "surrogatepass")
    mark = 3 if source.bom and at.line == 1 else 0
    return {"line": at.line, "column": mark + len(before) + 1}
