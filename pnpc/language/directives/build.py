"""From written nodes to parts: each directive is read where it stands, each fragment put where it is included."""

from pnpc.language.cases.parts import (
    DIRECTIVES,
    FOR,
    IF,
    INCLUDE,
    Condition,
    Entries,
    EntryPart,
    Included,
    Loop,
    Members,
    NoFragment,
    Part,
    Plain,
    Site,
    Step,
    declaration_path,
)
from pnpc.language.directives import steps
from pnpc.language.directives.reading import At, Reading, load, whole
from pnpc.line.grammar import verdicts
from pnpc.line.grammar.slips import slip_of
from pnpc.text.document import MAX_DEPTH, MAX_NODES, Mapping, Node, Scalar, Sequence
from pnpc.text.finding import Place
from pnpc.text.members import entries, written_out
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.values import NULLS
from pnpc.text.wording import NameList, Said, says

Stated = dict[str, tuple[Node, Node]]
Repeated = tuple[tuple[Step, ...], Part]  # how often something stands in its list, and what it is


def build(root: Node, at: At, reading: Reading) -> Part:
    """The parts of a document; what is wrong with its directives is added to the findings of the reading."""
    if isinstance(root, Mapping) and reading.notice.is_spec:
        part = _spec(root, at, reading)
    else:
        part = _node(root, at, reading, listed=False)[1]
    for loop in reading.loops.values():
        if loop.most is None:
            _unbounded(loop, reading)
    return part


def _spec(root: Mapping, at: At, reading: Reading) -> Part:
    """A spec: only its message may hold directives."""
    stated = _stated(root, at, reading)
    for name in stated:
        _misplaced(name, at, reading, says("stands on an object of a list of the message"))
    members: list[tuple[Node, Part]] = []
    for key, value in written_out(root):
        if key.value == "message" and isinstance(key, Scalar):
            members.append((key, _node(value, at.below("message"), reading, listed=False)[1]))
        elif not (isinstance(key, Scalar) and key.value in stated):
            members.append((key, Plain(value)))
    return Members(root, tuple(members))


def _node(node: Node, at: At, reading: Reading, *, listed: bool) -> Repeated:
    """What a node comes to, and how often; `listed`: it is an entry of a list."""
    if not reading.survey.below(node).directives:
        return (), Plain(node)
    if isinstance(node, Sequence):
        return (), _list(node, at, reading)
    assert isinstance(node, Mapping)
    stated = _stated(node, at, reading)
    if not reading.notice.is_spec:
        for name in stated:
            _misplaced(name, at, reading, says("belongs in a spec; this is a request body as it stands"))
        return (), _members(node, stated, at, reading)
    return _object(node, stated, at, reading, listed=listed)


def _list(node: Sequence, at: At, reading: Reading) -> Part:
    listed = [
        EntryPart(index, *_node(entry, at.below(index), reading, listed=True)) for index, entry in enumerate(node.value)
    ]
    return Entries(node, tuple(listed))


def _object(node: Mapping, stated: Stated, at: At, reading: Reading, *, listed: bool) -> Repeated:
    repeats: tuple[Step, ...] = ()
    if not listed:
        for name in (IF, FOR):
            if name in stated:
                _misplaced(name, at, reading, says("stands on an object of a list only"))
    else:
        at, repeats = _steps(stated, at, reading)
    if INCLUDE not in stated:
        return repeats, _members(node, stated, at, reading)
    _alone(node, stated, at, reading)
    site = _site(stated[INCLUDE][1], at, reading)
    if site is None:
        return repeats, Plain(node)
    inner, part = _fragment(site, at, reading, listed=listed)
    return (*repeats, *inner), part


def _steps(stated: Stated, at: At, reading: Reading) -> tuple[At, tuple[Step, ...]]:
    repeats: list[Loop | Condition] = []
    if FOR in stated:
        loop = steps.loop(stated[FOR][1], at, reading)
        if loop is None:
            reading.broken = True  # the name of the loop's variable is not known
        else:
            repeats.append(loop)
            at = steps.within(at, loop)
    if IF in stated:
        repeats.append(steps.condition(stated[IF][1], at, reading))
    return at, tuple(repeats)


def _fragment(site: Site, at: At, reading: Reading, *, listed: bool) -> Repeated:
    root = site.file.root
    assert isinstance(root, Mapping)
    tree = reading.joined.tree(site.file)
    name = site.file.source.name
    inside = at._replace(file=name, tree=tree, path=(), sites=(*at.sites, site), depth=at.depth + 1)
    repeats, part = _node(root, inside, reading, listed=listed)
    if isinstance(part, Plain):  # a new node for each include, because the place is looked up by the node
        part = Plain(Mapping("", root.value, root.start_mark, root.end_mark, root.flow_style))
    assert not isinstance(part, Entries)
    return repeats, Included(part, site)


def _members(node: Mapping, stated: Stated, at: At, reading: Reading) -> Part:
    kept: list[tuple[Node, Part]] = []
    for key, value in written_out(node):
        if isinstance(key, Scalar) and key.value not in stated:
            kept.append((key, _node(value, at.below(key.value), reading, listed=False)[1]))
        elif not isinstance(key, Scalar):
            kept.append((key, Plain(value)))
    return Members(node, tuple(kept))


def _stated(node: Mapping, at: At, reading: Reading) -> Stated:
    """The directives of a mapping by name; keys that only look like one, and those that stand twice, are findings."""
    stated: Stated = {}
    first: dict[str, Node] = {}
    for key, _ in node.value:
        if isinstance(key, Scalar) and key.value.startswith("$") and first.setdefault(key.value, key) is not key:
            twice = verdicts.duplicate_key(key.value, at.path, first[key.value], key)
            reading.findings.append((twice, at.tree))
    written = entries(node)
    free = [name for name in DIRECTIVES if name not in written]
    for name, pair in written.items():
        if name in DIRECTIVES or (name.startswith("$") and _unknown(name, pair[0], free, at, reading)):
            stated[name] = pair
    return stated


def _unknown(name: str, key: Node, free: list[str], at: At, reading: Reading) -> bool:
    """A finding for a key with `$` that is not a directive; outside a message only for one that is nearly one: the rest is the
    grammar's. Whether there is a finding."""
    close = near(name, DIRECTIVES)
    in_message = reading.notice.is_spec and (at.path[:1] == ("message",) or bool(at.sites))
    if not close and not in_message:
        return False
    meant = slip_of(name, free, DIRECTIVES)
    fix = verdicts.renamed(key, at.path, meant) if meant is not None and isinstance(key, Scalar) else None
    help = None if close else says("there are {names}", names=NameList(DIRECTIVES, ", "))
    message = says("no directive `{name}`{meant}", name=name, meant=did_you_mean(close))
    reading.tell(at, Place((*at.path, name), "key"), "unknown-directive", message, help, fix=fix)
    return True


def _misplaced(name: str, at: At, reading: Reading, where: Said) -> None:
    if name in DIRECTIVES:
        key = Place((*at.path, name), "key")
        reading.tell(
            at,
            key,
            "misplaced-directive",
            says("`{name}` can't stand here: it {where}", name=name, where=where),
        )


def _alone(node: Mapping, stated: Stated, at: At, reading: Reading) -> None:
    """Beside `$include` only directives may stand: of a member that stands in both it would not be clear which holds."""
    others = [key.value for key, _ in written_out(node) if isinstance(key, Scalar) and key.value not in stated]
    if others:
        key = Place((*at.path, others[0]), "key")
        message = says("`{name}` beside `$include`: the fragment stands for the whole object", name=others[0])
        help = says("move it into the fragment, or copy what you need of it")
        reading.tell(at, key, "beside-include", message, help)


def _unbounded(loop: Loop, reading: Reading) -> None:
    shown = ".".join(loop.steps)
    message = says("`{name}` may have any number of entries, and a `$for` repeats an object for each", name=shown)
    finding = Place(declaration_path(loop.key), "key")
    at = At(reading.notice.document.source.name, reading.notice.tree, (), {}, (), 0)
    related = ((loop.where, says("repeated here")),)
    reading.tell(at, finding, "unbounded-loop", message, says("declare `maxItems`"), related)


def _site(node: Node, at: At, reading: Reading) -> Site | None:
    """The fragment that the value of an `$include` names, and where; None, and a finding, if it can't be had."""
    if reading.full:
        return None  # one finding is enough
    place = Place((*at.path, INCLUDE))
    try:
        site = _named_site(node, at, reading)
    except NoFragment as error:
        reading.broken = True
        reading.tell(at, place, "bad-include", error.message, error.help, error.related)
        return None
    around = [outer.file for outer in at.sites]
    if site.file in around:
        names = [file.source.name for file in (*around[around.index(site.file) :], site.file)]
        reading.broken = True
        message = says("`{name}` includes itself", name=names[0])
        help = says("each file includes the next: {files}", files=NameList(names, ", "))
        reading.tell(at, place, "include-cycle", message, help)
        return None
    if _is_too_large(site, at, reading):
        reading.broken = reading.full = True
        if reading.values > MAX_NODES:
            message = says("with its fragments put in this has more than {limit:,} values", limit=MAX_NODES)
        else:
            message = says("with its fragments put in this has more than {limit} levels", limit=MAX_DEPTH)
        reading.tell(at, place, "input-too-large", message)
        return None
    return site


def _is_too_large(site: Site, at: At, reading: Reading) -> bool:
    """Whether a spec has too many values or levels with a fragment, whose values are counted here, put in."""
    if site.file.root is None:
        return False
    below = reading.survey.below(site.file.root)
    reading.values += below.values
    return reading.values > MAX_NODES or at.depth + below.depth > MAX_DEPTH


def _named_site(node: Node, at: At, reading: Reading) -> Site:
    if not isinstance(node, Scalar) or (not node.style and node.value in NULLS) or not node.value.strip():
        raise NoFragment(says("`$include` takes the name of a file"), says("such as `$include: fragments/footer.yaml`"))
    if "{{" in node.value:
        raise NoFragment(says("`$include` can't be an expression: which file is meant must be known"))
    if reading.context.fragments is None:
        raise NoFragment(
            says("a fragment can be included from a file only"), says("name the spec's file on the command line")
        )
    named = (at.file, str(node.value))
    if named not in reading.files:
        reading.files[named] = load(reading.context.fragments(*named), reading.joined)
    return Site(reading.files[named], whole(node))
