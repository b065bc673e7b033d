"""What a message's directives depend on: values that are tried, questions that are true or not, lengths of arrays."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pnpc.language.cases.parts import EACH, Condition, Entries, Entry, Included, Key, Known, Loop, Members, Part
from pnpc.language.cases.truth import Question, Steps, data_of, questions, quietly
from pnpc.language.directives.scopes import Names, inside, value
from pnpc.language.directives.values import around, counted, distinct

_NUMBER = "loop"
_MOST_ANSWERS = 20_000  # to learn which of a value's possibilities differ
_MOST_TOGETHER = 64  # possibilities of a value that is asked about together with others


class Asked(NamedTuple):
    """A question as a message asks it, and what its answer depends on.

    - `values`: by the steps as written, which values it reads, where all of them can be tried;
    - `array`: which array it is about, where it asks no more than whether that has entries;
    - `atom`: what it is known by, where nothing is known but that it is true or not.

    `loops` are the loops whose entries it may differ for.
    """

    question: Question
    values: dict[Steps, Key]
    array: Key | None
    atom: str
    loops: tuple[Key, ...]


class Domains(NamedTuple):
    """All that the directives of a message depend on.

    `options`: what may be decided of each thing: of a value what it is, of an atom whether it is true; those that make
    most questions true come first. `shown`: how each is written; `arrays`: the bounds of each array's length; `asked`:
    by the id of the question. `lists`: the lists with directives, and the conditions around each. `faulty`: the atoms of
    questions that can't be read, or that ask about something that nobody declares: a mistake of their own.
    """

    options: dict[Key | str, list[Any]]
    shown: dict[Key | str, str]
    arrays: dict[Key, tuple[int, int | None]]
    asked: dict[int, Asked]
    lists: list[tuple[Entries, tuple[Condition, ...]]]
    faulty: set[Key | str]


class _Met(NamedTuple):
    """A question where it was met: the values that it reads, the arrays of the loops around it, and whether it can be
    asked at all."""

    question: Question
    known: dict[Steps, Known | None]
    around: tuple[Key, ...]
    is_faulty: bool

    @property
    def name(self) -> str:
        """The same for the same question about the same values."""
        keys = (".".join(one.key) for one in self.known.values() if one is not None)
        return "|".join((self.question.words, *keys))


class _Possible(NamedTuple):
    """Possibilities of a value. `every`: they answer all that is asked of it, else only comparisons with constants."""

    values: list[Any]
    every: bool


def domains(part: Part, names: Names) -> Domains:
    """What the directives of a message depend on; `names` are those that may be used everywhere."""
    found = Domains({}, {}, {}, {}, [], set())
    met: list[_Met] = []
    _walk(part, names, (), found, met)
    distinct = {one.name: one for one in met}
    possible = _possible(distinct.values())
    asked = {name: _asked(one, possible, found) for name, one in distinct.items()}
    found.asked.update({id(one.question): asked[one.name] for one in met})
    return found


def _walk(part: Part, names: Names, conditions: tuple[Condition, ...], found: Domains, met: list[_Met]) -> None:
    if isinstance(part, Included):
        _walk(part.part, names, conditions, found, met)
    elif isinstance(part, Members):
        for _, one in part.members:
            _walk(one, names, conditions, found, met)
    elif isinstance(part, Entries):
        found.lists.append((part, conditions))
        for entry in part.entries:
            _entry(entry, names, conditions, found, met)


def _entry(entry: Entry, names: Names, conditions: tuple[Condition, ...], found: Domains, met: list[_Met]) -> None:
    for step in entry.steps:
        if isinstance(step, Loop):
            found.arrays.setdefault(step.key, (step.least, step.most))
            found.shown.setdefault(step.key, ".".join(step.steps))
            names = inside(names, step)
        else:
            loops = tuple(one.key[:-1] for one in names.values() if one.key[-1:] == (EACH,))
            for question in questions(step.formula):
                known = {steps: value(steps, names) for steps in question.refs}
                faulty = not question.is_read or None in known.values()
                met.append(_Met(question, known, loops, faulty))
            conditions = (*conditions, step)
    _walk(entry.part, names, conditions, found, met)


def _possible(met: Iterable[_Met]) -> dict[Key, _Possible]:
    """For each value that questions read, the possibilities that they tell apart; none for one that is unknown."""
    readers: dict[Key, list[_Met]] = {}
    known: dict[Key, Known] = {}
    for one in met:
        for read in one.known.values():
            if read is not None and not _is_number(read.key):
                readers.setdefault(read.key, []).append(one)
                known[read.key] = read
    return {key: found for key, some in readers.items() if (found := _told_apart(known[key], some)).values}


def _told_apart(one: Known, readers: list[_Met]) -> _Possible:
    alone = [reader.question for reader in readers if len(reader.known) == 1]
    every = distinct(one.schema)
    if len(alone) < len(readers) and 0 < len(every) <= _MOST_TOGETHER:
        return _Possible(every, every=True)
    plain = [question for question in alone if question.points is not None]
    if len(alone) == len(readers):
        every = every or (counted(one.schema) if len(plain) < len(alone) else [])
        if every:
            return _Possible(_different(every, alone), every=True)
    some = every or around(one.schema, [point for question in plain for point in question.points or ()])
    return _Possible(_different(some, plain) if plain else [], every=False)


def _different(values: list[Any], questions: list[Question]) -> list[Any]:
    """Of values to which all questions have the same answers the first; none if it takes too long to ask."""
    if len(values) * len(questions) > _MOST_ANSWERS:
        return []
    ways: dict[tuple[bool, ...], Any] = {}
    for value_ in values:
        answers = tuple(quietly(question, data_of({question.refs[0]: value_})) for question in questions)
        ways.setdefault(answers, value_)
    return [ways[answers] for answers in sorted(ways, key=sum, reverse=True)]


def _asked(one: _Met, possible: dict[Key, _Possible], found: Domains) -> Asked:
    question, known = one.question, one.known
    keys = {steps: read.key for steps, read in known.items() if read is not None}
    loops = tuple(key for key in one.around if any(read[: len(key)] == key for read in keys.values()))
    plain = len(known) == 1 and question.points is not None
    if question.refs and all(steps in keys and _answers(keys[steps], possible, plain=plain) for steps in known):
        for steps, key in keys.items():
            if key in possible:
                found.options[key] = possible[key].values
                found.shown[key] = ".".join(steps)
        return Asked(question, keys, None, "", loops)
    array = known[question.refs[0]] if len(known) == 1 and question.words == ".".join(question.refs[0]) else None
    if array is not None and array.schema.get("type") == "array":
        found.arrays.setdefault(array.key, (array.schema.get("minItems", 0), array.schema.get("maxItems")))
        found.shown.setdefault(array.key, question.words)
        return Asked(question, {}, array.key, "", loops)
    found.options[one.name] = [True, False]
    if one.is_faulty:
        found.faulty.add(one.name)
    found.shown[one.name] = question.words
    return Asked(question, {}, None, one.name, loops)


def _answers(key: Key, possible: dict[Key, _Possible], *, plain: bool) -> bool:
    """Whether what is known of a value answers a question; `plain`: that compares it with constants."""
    return _is_number(key) or (key in possible and (plain or possible[key].every))


def _is_number(key: Key) -> bool:
    """Whether it is a number of `loop`, which is what it is just now."""
    return key[0] == _NUMBER and len(key) > 1
