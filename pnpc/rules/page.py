"""Rules for readers: examples with carets under what is reported, the page of a rule, and the index of all pages."""

from pnpc.rules import NOT_SUPPRESSED, get
from pnpc.rules.listing import ALL
from pnpc.rules.rule import Rule, shown
from pnpc.text.source import Source
from pnpc.text.width import cells

MARK = "<!-- Written by `pnpc rules --write-docs docs/rules` from pnpc/rules/. Edit the rule, not this file. -->\n"
_NO_EXAMPLE = "A short example in YAML can't show this mistake; the tests check the rule.\n"


def marked(example: str) -> list[tuple[str, str]]:
    """The lines of an example, each with its line of carets (empty if nothing is reported there)."""
    text, spans = shown(example)
    source = Source("", text)
    lines = []
    for number, start in enumerate(source.starts, 1):
        line = source.line(number)
        carets = ""
        for first, last in spans:
            if start <= first <= start + len(line):
                spaces = cells(line[: first - start]) - cells(carets)
                carets += " " * spaces + "^" * max(1, cells(line[first - start : last - start]))
        lines.append((line, carets))
    return lines if not text.endswith("\n") else lines[:-1]


def suppression(rule: Rule) -> str:
    """The comment that suppresses a rule on one line, or words that say that no comment can."""
    if rule.name in NOT_SUPPRESSED:
        return "no comment suppresses it"
    return f"# pnpc: ignore[{rule.code}] reason"


def page(rule: Rule) -> str:
    """The Markdown page of a rule."""
    severity = f"**{rule.severity}** · since {rule.since}" + (" · `pnpc check --fix` fixes it" if has_fix(rule) else "")
    parts = [MARK, f"# {rule.code} {rule.name}\n", f"{severity}\n", f"{rule.summary}\n", f"## Why\n\n{rule.why}\n"]
    parts.append("## Reported\n\n" + ("\n".join(_block(_with_carets(example)) for example in rule.bad) or _NO_EXAMPLE))
    if has_fix(rule):
        parts.append("## Fixed by `pnpc check --fix`\n\n" + "\n".join(_block(example) for example in fixed(rule)))
    if rule.good:
        parts.append("## Good\n\n" + "\n".join(_block(example) for example in rule.good))
    parts.append(f"## Source\n\n{_linked(rule.source)}\n")
    how = f"On the line of the mistake, or on the line above: `{suppression(rule)}`. The reason is required."
    if rule.name in NOT_SUPPRESSED:
        how = "No comment can suppress this."
    parts.append(f"## Suppress\n\n{how}\n\n[All rules](README.md)\n")
    return "\n".join(parts)


def fixed(rule: Rule) -> list[str]:
    """The bad examples after their safe fixes; those without a safe fix are left out."""
    return [after for bad, after in zip(rule.bad, rule.fixed, strict=False) if after != shown(bad)[0]]


def has_fix(rule: Rule) -> bool:
    """Whether `pnpc check --fix` can fix some of the rule's mistakes."""
    return bool(fixed(rule))


def index() -> str:
    """The page that lists all rules."""
    rows = []
    for listed in ALL:
        rule = get(listed.name)
        fix = "yes" if has_fix(rule) else ""
        summary = rule.summary.replace("|", "\\|")
        rows.append(f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {fix} | {summary} |")
    head = "| Code | Name | Severity | Fix | Summary |\n|---|---|---|---|---|"
    return "\n".join([MARK, "# Rules\n", head, *rows, ""])


def pages() -> dict[str, str]:
    """All pages by file name; the index is README.md."""
    return {"README.md": index(), **{f"{listed.code}.md": page(get(listed.name)) for listed in ALL}}


def _with_carets(example: str) -> str:
    """The example with the carets on their own lines, under the text."""
    return "".join(f"{line}\n{carets}\n" if carets else f"{line}\n" for line, carets in marked(example))


def _block(text: str) -> str:
    return f"```yaml\n{text.rstrip()}\n```\n"


def _linked(source: str) -> str:
    return "; ".join(f"<{part}>" if part.startswith("https://") else part for part in source.split("; "))
