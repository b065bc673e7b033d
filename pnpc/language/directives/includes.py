"""`$include` of an object, read: the fragment that takes its place."""

from pnpc.language.cases.parts import Site
from pnpc.language.directives.fragments import load
from pnpc.language.directives.names import INCLUDE
from pnpc.language.directives.reading import At, Reading, whole
from pnpc.language.message.fragments import NoFragment
from pnpc.text.document import MAX_DEPTH, MAX_NODES, Node, Scalar
from pnpc.text.finding import Place
from pnpc.text.values import NULLS
from pnpc.text.wording import NameList, says


def site(node: Node, at: At, reading: Reading) -> Site | None:
    """The fragment that the value of an `$include` names, and where; None if it can't be had, which is told."""
    place = Place((*at.path, INCLUDE))
    if reading.full:
        return None  # said once
    try:
        found = _find(node, at, reading)
    except NoFragment as error:
        reading.broken = True
        reading.tell(at, place, "bad-include", error.message, error.help, error.related)
        return None
    around = [one.file for one in at.sites]
    if found.file in around:
        names = [file.source.name for file in (*around[around.index(found.file) :], found.file)]
        reading.broken = True
        message = says("`{name}` includes itself", name=names[0])
        reading.tell(
            at,
            place,
            "include-cycle",
            message,
            says("each file includes the next: {files}", files=NameList(names, ", ")),
        )
        return None
    below = reading.survey.below(found.file.root) if found.file.root is not None else None
    reading.values += below.values if below is not None else 0
    deep = at.depth + (below.depth if below is not None else 0)
    if reading.values > MAX_NODES or deep > MAX_DEPTH:
        reading.broken = reading.full = True
        if reading.values > MAX_NODES:
            message = says("with its fragments put in this has more than {limit:,} values", limit=MAX_NODES)
        else:
            message = says("with its fragments put in this has more than {limit} levels", limit=MAX_DEPTH)
        reading.tell(at, place, "input-too-large", message)
        return None
    return found


def _find(node: Node, at: At, reading: Reading) -> Site:
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
