"""From written nodes to parts: each directive read where it stands, each fragment put where it is included."""

from pnpc.language.cases.parts import Condition, Entries, Entry, Included, Loop, Members, Part, Plain, Site, Step
from pnpc.language.directives import includes, steps
from pnpc.language.directives.names import FOR, IF, INCLUDE, NAMES
from pnpc.language.directives.reading import At, Reading
from pnpc.language.directives.scopes import place
from pnpc.line.grammar import verdicts
from pnpc.line.grammar.slips import slip_of
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.finding import Place
from pnpc.text.members import entries, written_out
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import NameList, as_written, says

Stated = dict[str, tuple[Node, Node]]
Object = tuple[tuple[Step, ...], Part]


def build(root: Node, at: At, reading: Reading) -> Part:
    """The parts of a document; what is wrong with its directives is told to the reading."""
    if isinstance(root, Mapping) and reading.notice.is_spec:
        part = _spec(root, at, reading)
    else:
        part = _node(root, at, reading, listed=False)[1]
    for loop in reading.loops.values():
        if loop.most is None:
            _unbounded(loop, reading)
    return part


def _spec(root: Mapping, at: At, reading: Reading) -> Part:
    """A spec: its message holds the directives, and nothing else may."""
    stated = _stated(root, at, reading)
    for name in stated:
        _misplaced(name, at, reading, "stands on an object of a list of the message")
    members: list[tuple[Node, Part]] = []
    for key, value in written_out(root):
        if key.value == "message" and isinstance(key, Scalar):
            members.append((key, _node(value, at.below("message"), reading, listed=False)[1]))
        elif not (isinstance(key, Scalar) and key.value in stated):
            members.append((key, Plain(value)))
    return Members(root, tuple(members))


def _node(node: Node, at: At, reading: Reading, *, listed: bool) -> Object:
    """What a node comes to, and how often; `listed`: it is an entry of a list."""
    if not reading.survey.below(node).directives:
        return (), Plain(node)
    if isinstance(node, Sequence):
        return (), _list(node, at, reading)
    assert isinstance(node, Mapping)
    stated = _stated(node, at, reading)
    if not reading.notice.is_spec:
        for name in stated:
            _misplaced(name, at, reading, "belongs in a spec; this is a request body as it stands")
        return (), _members(node, stated, at, reading)
    return _object(node, stated, at, reading, listed=listed)


def _list(node: Sequence, at: At, reading: Reading) -> Part:
    found = [Entry(index, *_node(one, at.below(index), reading, listed=True)) for index, one in enumerate(node.value)]
    return Entries(node, tuple(found))


def _object(node: Mapping, stated: Stated, at: At, reading: Reading, *, listed: bool) -> Object:
    found: tuple[Step, ...] = ()
    if not listed:
        for name in (IF, FOR):
            if name in stated:
                _misplaced(name, at, reading, "stands on an object of a list only")
    else:
        at, found = _steps(stated, at, reading)
    if INCLUDE not in stated:
        return found, _members(node, stated, at, reading)
    _alone(node, stated, at, reading)
    site = includes.site(stated[INCLUDE][1], at, reading)
    if site is None:
        return found, Plain(node)
    inner, part = _fragment(site, at, reading, listed=listed)
    return (*found, *inner), part


def _steps(stated: Stated, at: At, reading: Reading) -> tuple[At, tuple[Step, ...]]:
    found: list[Loop | Condition] = []
    if FOR in stated:
        loop = steps.loop(stated[FOR][1], at, reading)
        if loop is None:
            reading.broken = True  # what the loop's variable is called is not known
        else:
            found.append(loop)
            at = steps.within(at, loop)
    if IF in stated:
        found.append(steps.condition(stated[IF][1], at, reading))
    return at, tuple(found)


def _fragment(site: Site, at: At, reading: Reading, *, listed: bool) -> Object:
    root = site.file.root
    assert isinstance(root, Mapping)
    tree = reading.joined.tree(site.file)
    name = site.file.source.name
    inside = at._replace(file=name, tree=tree, path=(), sites=(*at.sites, site), depth=at.depth + 1)
    found, part = _node(root, inside, reading, listed=listed)
    if isinstance(part, Plain):  # a node of its own for each place, so that the place is known by it
        part = Plain(Mapping("", root.value, root.start_mark, root.end_mark, root.flow_style))
    assert not isinstance(part, Entries)
    return found, Included(part, site)


def _members(node: Mapping, stated: Stated, at: At, reading: Reading) -> Part:
    kept: list[tuple[Node, Part]] = []
    for key, value in written_out(node):
        if isinstance(key, Scalar) and key.value not in stated:
            kept.append((key, _node(value, at.below(key.value), reading, listed=False)[1]))
        elif not isinstance(key, Scalar):
            kept.append((key, Plain(value)))
    return Members(node, tuple(kept))


def _stated(node: Mapping, at: At, reading: Reading) -> Stated:
    """The directives of a mapping by name; those that are none, or stand twice, are told."""
    found: Stated = {}
    first: dict[str, Node] = {}
    for key, _ in node.value:
        if isinstance(key, Scalar) and key.value.startswith("$") and first.setdefault(key.value, key) is not key:
            twice = verdicts.duplicate_key(key.value, at.path, first[key.value], key)
            reading.findings.append((twice, at.tree))
    written = entries(node)
    free = [name for name in NAMES if name not in written]
    for name, pair in written.items():
        if name in NAMES or (name.startswith("$") and _unknown(name, pair[0], free, at, reading)):
            found[name] = pair
    return found


def _unknown(name: str, key: Node, free: list[str], at: At, reading: Reading) -> bool:
    """Tell of a key with `$` that is no directive; elsewhere than in a message the grammar does, unless it is near one."""
    close = near(name, NAMES)
    in_message = reading.notice.is_spec and (at.path[:1] == ("message",) or bool(at.sites))
    if not close and not in_message:
        return False
    meant = slip_of(name, free, NAMES)
    fix = verdicts.renamed(key, at.path, meant) if meant is not None and isinstance(key, Scalar) else None
    help = None if close else says("there are {names}", names=NameList(NAMES, ", "))
    message = says("no directive `{name}`{meant}", name=name, meant=did_you_mean(close))
    reading.tell(at, Place((*at.path, name), "key"), "unknown-directive", message, help, fix=fix)
    return True


def _misplaced(name: str, at: At, reading: Reading, where: str) -> None:
    if name in NAMES:
        place_ = Place((*at.path, name), "key")
        reading.tell(
            at,
            place_,
            "misplaced-directive",
            says("`{name}` can't stand here: it {where}", name=name, where=as_written(where)),
        )


def _alone(node: Mapping, stated: Stated, at: At, reading: Reading) -> None:
    """Beside `$include` only directives may stand: whose word would hold where a member stands in both?"""
    others = [key.value for key, _ in written_out(node) if isinstance(key, Scalar) and key.value not in stated]
    if others:
        place_ = Place((*at.path, others[0]), "key")
        message = says("`{name}` beside `$include`: the fragment stands for the whole object", name=others[0])
        reading.tell(
            at, place_, "beside-include", message, says("move it into the fragment, or copy what you need of it")
        )


def _unbounded(loop: Loop, reading: Reading) -> None:
    shown = ".".join(loop.steps)
    message = says("`{name}` may have any number of entries, and a `$for` repeats an object for each", name=shown)
    finding = Place(place(loop.key), "key")
    at = At(reading.notice.document.source.name, reading.notice.tree, (), {}, (), 0)
    related = ((loop.where, says("repeated here")),)
    reading.tell(at, finding, "unbounded-loop", message, says("declare `maxItems`"), related)
