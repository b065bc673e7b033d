"""SARIF 2.1.0. Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html"""

import os
from collections.abc import Mapping
from re import compile as regex
from typing import Any
from urllib.parse import quote

from pnpc import rules
from pnpc.about import VERSION
from pnpc.report import places
from pnpc.report.clean import visible
from pnpc.report.dump import dump
from pnpc.report.report import Report
from pnpc.rules.rule import Rule, shown, whole
from pnpc.text.finding import Diagnostic, Range, Related
from pnpc.text.source import Source

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FAMILIES = {
    "PNP0": "yaml",
    "PNP1": "structure",
    "PNP2": "template",
    "PNP3": "flexible",
    "PNP4": "media",
    "PNP5": "expressions",
    "PNP6": "recipients",
    "PNP7": "policy",
    "PNP8": "config",
    "PNP9": "api",
}
# A lone surrogate that stands for a byte of a file's name is written as that byte; no other has a byte to be.
_NO_BYTE = regex(r"[\ud800-\udc7f\udd00-\udfff]")


def render(report: Report) -> str:
    """A log with one run."""
    used = sorted({diagnostic.code for diagnostic in report.diagnostics})
    prints = places.fingerprints(report.diagnostics)
    results = [
        _result(diagnostic, used.index(diagnostic.code), fingerprint, report.sources)
        for diagnostic, fingerprint in zip(report.diagnostics, prints, strict=True)
    ]
    driver = {"name": "pnpc", "version": VERSION, "rules": [_rule(rules.get(code)) for code in used]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    if report.summary.left_out:
        run["properties"] = {"leftOut": report.summary.left_out}
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": f"{rule.summary} {rule.why}"},
        "help": {"text": f"{rule.why}\n\nSource: {rule.source}", "markdown": _markdown(rule)},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": ["LINE", _FAMILIES[rule.code[:4]]]},
    }


def _markdown(rule: Rule) -> str:
    parts = [f"**{rule.summary}**", rule.why]
    for title, examples in (("Wrong", rule.bad), ("Right", rule.good)):
        if examples:
            parts.append(f"{title}:\n\n```yaml\n{shown(whole(examples[0]))[0].rstrip()}\n```")
    return "\n\n".join((*parts, f"Source: {rule.source}"))


def _result(diagnostic: Diagnostic, index: int, fingerprint: str, sources: Mapping[str, Source]) -> dict[str, Any]:
    text = visible(diagnostic.message) + (f"\n{visible(diagnostic.help)}" if diagnostic.help else "")
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity,
        "message": {"text": text},
        "locations": [_location(diagnostic.file, diagnostic.range)],
        "partialFingerprints": {"pnpc/v1": fingerprint},
    }
    if diagnostic.related:  # of equal ones one: the schema demands that they differ
        result["relatedLocations"] = [_related(other) for other in dict.fromkeys(diagnostic.related)]
    fixable = places.fixable(diagnostic, sources)
    if fixable is not None:
        fix, source = fixable
        replacements = [
            {"deletedRegion": _region(places.range_of(source, span)), "insertedContent": {"text": inserted}}
            for span, inserted in places.edits(fix)
        ]
        change = {"artifactLocation": _artifact(diagnostic.file), "replacements": replacements}
        # SARIF has no word for a fix that a person must judge: its description says so.
        title = visible(str(fix.title))
        title = title if fix.safe else f"{title} (not safe: it may change the meaning)"
        result["fixes"] = [{"description": {"text": title}, "artifactChanges": [change]}]
    return result


def _related(other: Related) -> dict[str, Any]:
    return _location(other.file, other.range) | {"message": {"text": visible(other.message)}}


def _location(file: str, where: Range) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(file), "region": _region(where)}}


def _region(where: Range) -> dict[str, int]:
    (line, column), (end_line, end_column) = where
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _artifact(file: str) -> dict[str, str]:
    name = _NO_BYTE.sub("\ufffd", places.slashed(file))
    if os.path.isabs(file):
        path = name if name.startswith("/") else f"/{name}"  # C:/…
        return {"uri": f"file://{quote(path, safe='/:', errors='surrogateescape')}"}
    return {"uri": quote(name, errors="surrogateescape"), "uriBaseId": "%SRCROOT%"}
