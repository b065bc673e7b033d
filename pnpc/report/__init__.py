"""Diagnostics to texts: one module a format, loaded when it is asked for. Data in, text out, nothing printed."""

from importlib import import_module

from pnpc.report.report import Report

FORMATS: tuple[str, ...] = ("full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson")


def render(format: str, report: Report, *, color: bool = False) -> str:
    """The text of a report in one of FORMATS, with a final newline; empty where the format has nothing to say.

    The text can always be encoded in UTF-8. `color` (ANSI) is for the format that people read: `full`.
    Raises KeyError for another format.
    """
    if format not in FORMATS:
        raise KeyError(format)
    module = import_module(f"pnpc.report.{format}")
    text: str = module.render(report, color=color) if format == "full" else module.render(report)
    return text
