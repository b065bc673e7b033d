"""For people: each diagnostic with a frame of its source, then what was counted."""

from pnpc.report.report import Report, Summary


def render(report: Report, *, color: bool = False) -> str:
    """Frames and a summary; the summary also where there is nothing wrong."""
    fixable = sum(diagnostic.fix is not None and diagnostic.fix.safe for diagnostic in report.diagnostics)
    return (
        "\n\n".join((*_blocks(report, color=color), *_notes(report.summary), summarize(report.summary, fixable))) + "\n"
    )


def _notes(summary: Summary) -> list[str]:
    return [left_out_line(summary)] if summary.left_out else []


def left_out_line(summary: Summary) -> str:
    """The line about findings that are counted and not shown."""
    alone = summary.left_out == 1
    return f"note: {summary.left_out:,} more {'finding is' if alone else 'findings are'} counted and not shown"


def _blocks(report: Report, *, color: bool) -> list[str]:
    if not report.diagnostics:
        return []
    from pnpc.report.block import Pen, block  # a clean run shows no diagnostic

    pen = Pen(color)
    return ["\n".join(block(diagnostic, report.sources.get(diagnostic.file), pen)) for diagnostic in report.diagnostics]


def summarize(summary: Summary, fixable: int) -> str:
    """One line such as `2 errors and 1 warning in 3 files; 1 can be fixed with --fix`."""
    counts = (_count(summary.errors, "error"), _count(summary.warnings, "warning"))
    mistakes = " and ".join(text for text, count in zip(counts, summary[1:3], strict=True) if count)
    rest = (
        (fixable, f"{fixable} can be fixed with --fix"),
        (summary.passed_over, f"{_count(summary.passed_over, 'file')} passed over"),
        (summary.suppressed, f"{summary.suppressed} suppressed"),
        (summary.baselined, f"{summary.baselined} in the baseline"),
    )
    first = f"{mistakes or 'no mistakes'} in {_count(summary.files, 'file')}"
    return "; ".join((first, *(text for count, text in rest if count)))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
