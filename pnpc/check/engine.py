"""From a source to diagnostics: nodes, grammar, typed message, rules, suppressions, then spans."""

from collections.abc import Iterable, Mapping
from typing import Any

from pnpc import rules
from pnpc.check.amount import MAX_FINDINGS, at_most
from pnpc.check.message import check_notice
from pnpc.check.reading import Checked, CheckedText, LeftOut, Located, Named
from pnpc.language.message import notice as read_notices
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice, may_hold_directives
from pnpc.line.grammar import allowance
from pnpc.line.looks import looks_ours
from pnpc.text.document import Document, Unreadable
from pnpc.text.finding import Diagnostic, Finding, Fix, MessageData, Place, Range, Related, Severity, Where, brief
from pnpc.text.nodes import compose
from pnpc.text.path import show
from pnpc.text.source import Source, Span, Undecodable
from pnpc.text.tree import Tree
from pnpc.text.wording import Said

Level = Severity | None
_MOST_LISTED = 64  # entries of one value of a message


def check(
    source: Source,
    context: Context,
    levels: Mapping[str, Level],
    *,
    named: bool = True,
    most: int | None = MAX_FINDINGS,
    keep: bool = False,
) -> Checked:
    """Check one source; every fix in the diagnostics was verified by `pnpc.check.fixes`.

    `levels` gives rules, by name, another severity than their own, or None to turn them off. `named`: the file was named
    on the command line, so a text that is neither a spec nor a request body is a mistake; otherwise it is passed over.
    `most`: how many findings become diagnostics (None: all); the others are counted. `keep`: the result has the typed
    messages too, for a caller that goes on with them, so that a file is read only once.
    """
    checked, text, notices = _check(source, context, levels, named=named, most=most)
    if keep:
        checked = checked._replace(notices=tuple(notices))
    if text is None or all(diagnostic.fix is None for diagnostic in checked.diagnostics):
        return checked
    from pnpc.check.fixes import verified  # needed only for a fix

    def again(repaired: Source) -> tuple[Diagnostic, ...]:
        return _check(repaired, context, levels, named=named, most=most)[0].diagnostics

    return checked._replace(diagnostics=tuple(verified(text, list(checked.diagnostics), again)))


def _check(
    source: Source, context: Context, levels: Mapping[str, Level], *, named: bool, most: int | None
) -> tuple[Checked, CheckedText | None, list[Notice]]:
    """The result of `check` with fixes that are not verified; the text, if it has diagnostics; and its messages."""
    allowance.current().next_text(len(source.text))
    documents: list[Document] = []
    findings: list[tuple[Finding, Tree | None]] = []
    cut: Span | None = None
    if may_hold_directives(source.text):
        source = _joinable(source)
    try:
        documents.extend(compose(source))
    except Unreadable as error:
        findings.append((error.finding, None))
        cut = _span(error.finding.where, None)
    notices = _notices(documents, named=named)
    if not notices and not named and not (findings and looks_ours(source.name, source.text)):
        return Checked((), is_ours=False), None, []
    if len(notices) < len(documents):
        from pnpc.check.foreign import foreign  # needed only for a file that has other documents

        findings += foreign(documents, notices, unreadable=bool(findings), named=named)
    for notice in notices:
        findings += check_document(notice, context)
    checked = _diagnose(source, documents, findings, levels, _names(source, notices), most)
    if not checked.diagnostics:
        return checked, None, notices
    is_sound = not any(rules.get(finding.rule).severity == "error" for finding, _ in findings)
    text = CheckedText(source.files()[0], documents, cut, checked.left_out == LeftOut(), is_sound)
    return checked, text, notices


def _joinable(source: Source) -> Source:
    """A source to which the fragments of a spec can be joined."""
    from pnpc.text.joined import Joined  # needed only for a spec with directives

    return Joined(source)


def undecodable(error: Undecodable) -> Checked:
    """The result for bytes that are not UTF-8."""
    finding = Finding(Span(error.offset, error.offset), error.reason, rule="not-utf-8")
    return Checked((diagnose(error.source, finding, None, {}),))


def _notices(documents: list[Document], *, named: bool) -> list[Notice]:
    forms = [(document, read_notices.form_of(document.root, named=named)) for document in documents]
    return [read_notices.read(document, form) for document, form in forms if form is not None]


def check_document(notice: Notice, context: Context) -> Iterable[tuple[Finding, Tree | None]]:
    """What is wrong with a message in any of the cases of its directives; each finding with the tree of its places."""
    if may_hold_directives(notice.document.source.text):
        from pnpc.check.variants import check_structure  # needed only for a spec with directives
        from pnpc.language.directives.assembled import assembled, structure

        assembly = structure(notice, context)
        if assembly is not None:
            findings: list[Located] = [
                (verdict.finding, verdict.tree) for verdict in check_structure(assembly, context)
            ]
            return findings if assembly.broken else _tried(assembled(assembly), context, findings)
    return _tried(notice, context, [(finding, notice.tree) for finding in check_notice(notice, context)])


def _tried(notice: Notice, context: Context, findings: list[Located]) -> list[Located]:
    """The findings, and those about the message filled with the examples of its variables."""
    if not notice.variables or ("{{" not in notice.document.source.text and notice.expansion is None):
        return findings
    from pnpc.check.calm import is_calm  # needed only for a spec with expressions

    if is_calm(notice, context):
        return findings
    from pnpc.check.examples import of_examples  # needed only where the quick look does not suffice

    return [*findings, *((finding, notice.tree) for finding in of_examples(notice, context, findings))]


def _names(source: Source, notices: list[Notice]) -> tuple[Named, ...]:
    named = []
    for notice in notices:
        if notice.name and notice.name.text:
            span = notice.tree.span(Place(notice.name.path))
            named.append(Named(notice.name.text, source.name, range_of(source, span), span))
    return tuple(named)


def _diagnose(
    source: Source,
    documents: list[Document],
    findings: list[tuple[Finding, Tree | None]],
    levels: Mapping[str, Level],
    names: tuple[Named, ...],
    most: int | None,
) -> Checked:
    if not findings and "ignore" not in source.text:
        return Checked((), 0, names)
    from pnpc.check import suppressions  # needed only for findings and for a file with such comments

    roots = [document.root for document in documents if document.root is not None]
    comments, malformed = suppressions.read(source, [*roots, *source.added()])
    used: set[tuple[Span, str]] = set()
    reported: list[tuple[Finding, Tree | None]] = []
    held = 0
    for finding, tree in _once(findings):
        # A comment counts as used even if its rule is turned off.
        if comments and suppressions.apply(comments, finding.rule, lines_of(source, finding, tree), used):
            held += levels.get(finding.rule, "") is not None
        elif levels.get(finding.rule, "") is not None:
            reported.append((finding, tree))
    reported += [
        (finding, None)
        for finding in (*malformed, *suppressions.unused(source, comments, used))
        if levels.get(finding.rule, "") is not None
    ]
    from pnpc.check.one_mistake import without_echoes  # needed only for findings

    reported = without_echoes(reported, lambda rule: levels.get(rule) or rules.get(rule).severity)
    reported, left_out = at_most(reported, levels, most)
    kept = [diagnose(source, finding, tree, levels) for finding, tree in reported]
    kept.sort(key=lambda kept: (kept.file != source.name, kept.file, kept.span, kept.code, kept.message))
    return Checked(tuple(kept), held, names, fragments=_fragments(source, kept), left_out=left_out)


def _fragments(source: Source, diagnostics: list[Diagnostic]) -> tuple[Source, ...]:
    """The other files in which there are diagnostics."""
    named = {diagnostic.file for diagnostic in diagnostics}
    return tuple(file for file in source.files() if file.name in named and file.name != source.name)


def _once(findings: list[tuple[Finding, Tree | None]]) -> list[tuple[Finding, Tree | None]]:
    """The findings without repetitions: a node is checked once for each alias of it, but its mistakes are reported once."""
    seen: set[tuple[object, str, Said]] = set()
    kept = []
    for finding, tree in findings:
        where = _span(finding.where, tree)
        key = (where, finding.rule, finding.message)
        if key not in seen:
            seen.add(key)
            kept.append((finding, tree))
    return kept


def lines_of(source: Source, finding: Finding, tree: Tree | None) -> set[int]:
    """The lines at which a comment suppresses a finding: the line to which it points, and that where its node starts."""
    lines = {source.position(_span(finding.where, tree).start).line}
    if tree is not None and isinstance(finding.where, Place):
        lines.add(source.position(tree.whole(finding.where.path).start).line)
    return lines


def diagnose(source: Source, finding: Finding, tree: Tree | None, levels: Mapping[str, Level]) -> Diagnostic:
    """The diagnostic of a finding: with its rule's code and severity, and lines and columns for places."""
    rule = rules.get(finding.rule)
    level = levels.get(rule.name) or rule.severity
    span = _span(finding.where, tree)
    related = tuple(_related(source, _span(where, tree), message) for where, message in finding.related)
    path = _path(finding.where, tree) if isinstance(finding.where, Place) else _path_at(tree, span)
    file, own = source.home(span)
    fix = _located(finding.fix, tree, source)
    return Diagnostic(
        code=rule.code, name=rule.name, severity=level, message=brief(str(finding.message)), file=file.name, path=path,
        range=range_of(file, own), span=own, related=related, help=brief(str(finding.help)) if finding.help else None, fix=fix,
        data=_data(finding.message),
    )  # fmt: skip


def _data(message: Said) -> MessageData:
    """The values of a message, each cut to the length that a message may quote."""
    return MessageData({name: _brief(value) for name, value in message.data().items()})


def _brief(value: Any) -> Any:
    if isinstance(value, str):
        return brief(value)
    return [brief(part) for part in value[:_MOST_LISTED]] if isinstance(value, list) else value


def _related(source: Source, span: Span, message: Said) -> Related:
    file, own = source.home(span)
    return Related(file.name, range_of(file, own), brief(str(message)))


def _path(place: Place, tree: Tree | None) -> str:
    return show(tree.written(place.path, key=place.part == "key") if tree is not None else place.path)


def file_diagnostic(
    name: str, message: Said, file: str, range: Range, levels: Mapping[str, Level], *,
    span: Span | None = None, path: str = "", help: Said | None = None, related: tuple[Related, ...] = (),
) -> Diagnostic:  # fmt: skip
    """A diagnostic about a file that is not a finding in its text, with the code and the severity of the rule `name`."""
    rule = rules.get(name)
    level = levels.get(name) or rule.severity
    return Diagnostic(
        code=rule.code, name=rule.name, severity=level, message=str(message), file=file, path=path, range=range,
        span=span or Span(0, 0), related=related, help=str(help) if help else None, data=_data(message),
    )  # fmt: skip


def _path_at(tree: Tree | None, span: Span) -> str:
    return show(tree.path_at(span.start)) if tree is not None else ""


def _located(fix: Fix | None, tree: Tree | None, source: Source) -> Fix | None:
    """A fix with its places as spans; None for one in a fragment, because other specs may include that file too."""
    if fix is None:
        return None
    edits = tuple(edit._replace(where=_span(edit.where, tree)) for edit in fix.edits)
    homes = (source.home(edit.where)[0].name for edit in edits if isinstance(edit.where, Span))
    return fix._replace(edits=edits) if all(home == source.name for home in homes) else None


def _span(where: Where, tree: Tree | None) -> Span:
    """The span of a place; without a tree, the start of the text for a symbolic place."""
    if tree is not None:
        return tree.span(where)
    return where if isinstance(where, Span) else Span(0, 0)


def range_of(source: Source, span: Span) -> Range:
    """A span as lines and columns."""
    return Range(source.position(span.start), source.position(span.end))
