"""What a message's directives depend on: values that can be listed, questions that are true or not, lengths of arrays."""

from typing import Any, NamedTuple

from pnpc.spec.grammar.run import comparable
from pnpc.spec.structure.names import Names, inside, value
from pnpc.spec.structure.parts import EACH, Condition, Entries, Entry, Included, Key, Known, Loop, Members, Part
from pnpc.spec.structure.truth import Question, questions

_NUMBER = "loop"


class Asked(NamedTuple):
    """A question as a message asks it, and what its answer depends on.

    - `values`: by the steps as written, which values it reads, where all of them can be listed;
    - `array`: which array it is about, where it asks no more than whether that has entries;
    - `atom`: what it is known by, where nothing is known but that it is true or not.

    `loops` are the loops whose entries it may differ for.
    """

    question: Question
    values: dict[tuple[str, ...], Key]
    array: Key | None
    atom: str
    loops: tuple[Key, ...]

    @property
    def numbered(self) -> bool:
        """Whether it reads the number of the entry."""
        return any(steps[0] == _NUMBER and key[0] == _NUMBER for steps, key in self.values.items())


class Domains(NamedTuple):
    """All that the directives of a message depend on.

    `values`: what each value that can be listed may be; `shown` how a value is written; `arrays` one loop for each
    array, or its bounds; `atoms` the words of each; `asked` by the id of the question; `lists` the lists with
    directives, and the conditions around each.
    """

    values: dict[Key, list[Any]]
    shown: dict[Key, str]
    arrays: dict[Key, tuple[int, int | None]]
    atoms: dict[str, str]
    asked: dict[int, Asked]
    lists: list[tuple[Entries, tuple[Condition, ...]]]


def domains(part: Part, names: Names) -> Domains:
    """What the directives of a message depend on; `names` are those that may be used everywhere."""
    found = Domains({}, {}, {}, {}, {}, [])
    _walk(part, names, (), found)
    return found


def _walk(part: Part, names: Names, around: tuple[Condition, ...], found: Domains) -> None:
    if isinstance(part, Included):
        _walk(part.part, names, around, found)
    elif isinstance(part, Members):
        for _, one in part.members:
            _walk(one, names, around, found)
    elif isinstance(part, Entries):
        found.lists.append((part, around))
        for entry in part.entries:
            _entry(entry, names, around, found)


def _entry(entry: Entry, names: Names, around: tuple[Condition, ...], found: Domains) -> None:
    for step in entry.steps:
        if isinstance(step, Loop):
            found.arrays.setdefault(step.key, (step.least, step.most))
            found.shown.setdefault(step.key, ".".join(step.steps))
            names = inside(names, step)
        else:
            for question in questions(step.formula):
                found.asked[id(question)] = _asked(question, names, found)
            around = (*around, step)
    _walk(entry.part, names, around, found)


def _asked(question: Question, names: Names, found: Domains) -> Asked:
    known = {steps: value(steps, names) for steps in question.refs}
    around = tuple(one.key[:-1] for one in names.values() if one.key[-1:] == (EACH,))
    loops = tuple(
        key for key in around if any(one is not None and one.key[: len(key)] == key for one in known.values())
    )
    listed = {steps: one for steps, one in known.items() if one is not None and _values(one)}
    if question.refs and len(listed) == len(known):
        for steps, one in listed.items():
            if one.key[0] != _NUMBER:
                found.values[one.key] = _values(one)
                found.shown[one.key] = ".".join(steps)
        return Asked(question, {steps: one.key for steps, one in listed.items()}, None, "", loops)
    array = known[question.refs[0]] if len(known) == 1 and question.words == ".".join(question.refs[0]) else None
    if array is not None and array.schema.get("type") == "array":
        bounds = (array.schema.get("minItems", 0), array.schema.get("maxItems"))
        found.arrays.setdefault(array.key, bounds)
        found.shown.setdefault(array.key, question.words)
        return Asked(question, {}, array.key, "", loops)
    atom = "|".join((question.words, *(".".join(one.key) for one in known.values() if one is not None)))
    found.atoms[atom] = question.words
    return Asked(question, {}, None, atom, loops)


def _values(one: Known) -> list[Any]:
    """All values that a schema allows, where they can be listed; of `loop` there is only what it is just now."""
    schema = one.schema
    if one.key[0] == _NUMBER and len(one.key) > 1:
        return [None]
    if "const" in schema:
        return [schema["const"]]
    listed = schema.get("enum")
    if isinstance(listed, list):
        return list({comparable(value): value for value in listed}.values())
    return [True, False] if schema.get("type") == "boolean" else []
