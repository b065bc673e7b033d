"""What a message's directives depend on: values, questions that are true or false, and lengths of arrays."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from pnpc.language.cases.parts import (
    EACH,
    Condition,
    Entries,
    EntryPart,
    Included,
    Key,
    Known,
    KnownNames,
    Loop,
    Members,
    Part,
    inside,
    value,
)
from pnpc.language.cases.truth import Question, Steps, data_of, questions, quietly
from pnpc.language.directives.values import around, counted, distinct

_NUMBER = "loop"
_MOST_ANSWERS = 20_000  # of questions, to find the possibilities that differ
_MOST_TOGETHER = 64  # possibilities of a value that is asked about together with others


class Asked(NamedTuple):
    """A question as a message asks it, and what its answer depends on.

    - `values`: by the steps as written, which values it reads, where all of them can be tried;
    - `array`: which array it is about, where it only asks whether that has entries;
    - `atom`: its name, where it is only known that it is true or false.

    `loops` are the loops in which the answer may differ from entry to entry.
    """

    question: Question
    values: dict[Steps, Key]
    array: Key | None
    atom: str
    loops: tuple[Key, ...]


class Domains(NamedTuple):
    """All that the directives of a message depend on.

    `options`: the possibilities of each value, and true and false for each atom; those that make most questions true come
    first. `shown`: how each is written; `arrays`: the bounds of each array's length; `asked`:
    by the id of the question. `lists`: the lists with directives, and the conditions around each. `faulty`: the atoms of
    questions that can't be read, or that ask about something that is not declared: other findings say so.
    """

    options: dict[Key | str, list[Any]]
    shown: dict[Key | str, str]
    arrays: dict[Key, tuple[int, int | None]]
    asked: dict[int, Asked]
    lists: list[tuple[Entries, tuple[Condition, ...]]]
    faulty: set[Key | str]


class _MetQuestion(NamedTuple):
    """A question at its place: the values that it reads, the arrays of the loops around it, and whether it can't be asked."""

    question: Question
    known: dict[Steps, Known | None]
    around: tuple[Key, ...]
    is_faulty: bool

    @property
    def name(self) -> str:
        """A name that is equal for equal questions about the same values."""
        keys = (".".join(value.key) for value in self.known.values() if value is not None)
        return "|".join((self.question.words, *keys))


class _Possible(NamedTuple):
    """Possibilities of a value. `every`: they answer all questions about it, else only comparisons with constants."""

    values: list[Any]
    every: bool


def domains(part: Part, names: KnownNames) -> Domains:
    """What the directives of a message depend on; `names` are those that may be used everywhere."""
    made = Domains({}, {}, {}, {}, [], set())
    met: list[_MetQuestion] = []
    _walk(part, names, (), made, met)
    distinct = {question.name: question for question in met}
    possible = _possible(distinct.values())
    asked = {name: _asked(question, possible, made) for name, question in distinct.items()}
    made.asked.update({id(question.question): asked[question.name] for question in met})
    return made


def _walk(
    part: Part, names: KnownNames, conditions: tuple[Condition, ...], domains: Domains, met: list[_MetQuestion]
) -> None:
    if isinstance(part, Included):
        _walk(part.part, names, conditions, domains, met)
    elif isinstance(part, Members):
        for _, member in part.members:
            _walk(member, names, conditions, domains, met)
    elif isinstance(part, Entries):
        domains.lists.append((part, conditions))
        for entry in part.entries:
            _entry(entry, names, conditions, domains, met)


def _entry(
    entry: EntryPart, names: KnownNames, conditions: tuple[Condition, ...], domains: Domains, met: list[_MetQuestion]
) -> None:
    for step in entry.steps:
        if isinstance(step, Loop):
            domains.arrays.setdefault(step.key, (step.least, step.most))
            domains.shown.setdefault(step.key, ".".join(step.steps))
            names = inside(names, step)
        else:
            loops = tuple(known.key[:-1] for known in names.values() if known.key[-1:] == (EACH,))
            for question in questions(step.formula):
                known = {steps: value(steps, names) for steps in question.refs}
                faulty = not question.is_read or None in known.values()
                met.append(_MetQuestion(question, known, loops, faulty))
            conditions = (*conditions, step)
    _walk(entry.part, names, conditions, domains, met)


def _possible(met: Iterable[_MetQuestion]) -> dict[Key, _Possible]:
    """For each value that questions read, the possibilities that they tell apart; none where they are not known."""
    readers: dict[Key, list[_MetQuestion]] = {}
    known: dict[Key, Known] = {}
    for question in met:
        for read in question.known.values():
            if read is not None and not _is_number(read.key):
                readers.setdefault(read.key, []).append(question)
                known[read.key] = read
    return {key: told_apart for key, some in readers.items() if (told_apart := _told_apart(known[key], some)).values}


def _told_apart(known: Known, readers: list[_MetQuestion]) -> _Possible:
    alone = [reader.question for reader in readers if len(reader.known) == 1]
    every = distinct(known.schema)
    if len(alone) < len(readers) and 0 < len(every) <= _MOST_TOGETHER:
        return _Possible(every, every=True)
    plain = [question for question in alone if question.points is not None]
    if len(alone) == len(readers):
        every = every or (counted(known.schema) if len(plain) < len(alone) else [])
        if every:
            return _Possible(_different(every, alone), every=True)
    some = every or around(known.schema, [point for question in plain for point in question.points or ()])
    return _Possible(_different(some, plain) if plain else [], every=False)


def _different(values: list[Any], questions: list[Question]) -> list[Any]:
    """Of values for which all questions have the same answers only the first; none if asking takes too long."""
    if len(values) * len(questions) > _MOST_ANSWERS:
        return []
    ways: dict[tuple[bool, ...], Any] = {}
    for value_ in values:
        answers = tuple(quietly(question, data_of({question.refs[0]: value_})) for question in questions)
        ways.setdefault(answers, value_)
    return [ways[answers] for answers in sorted(ways, key=sum, reverse=True)]


def _asked(met: _MetQuestion, possible: dict[Key, _Possible], domains: Domains) -> Asked:
    question, known = met.question, met.known
    keys = {steps: read.key for steps, read in known.items() if read is not None}
    loops = tuple(key for key in met.around if any(read[: len(key)] == key for read in keys.values()))
    plain = len(known) == 1 and question.points is not None
    if question.refs and all(steps in keys and _answers(keys[steps], possible, plain=plain) for steps in known):
        for steps, key in keys.items():
            if key in possible:
                domains.options[key] = possible[key].values
                domains.shown[key] = ".".join(steps)
        return Asked(question, keys, None, "", loops)
    array = known[question.refs[0]] if len(known) == 1 and question.words == ".".join(question.refs[0]) else None
    if array is not None and array.schema.get("type") == "array":
        domains.arrays.setdefault(array.key, (array.schema.get("minItems", 0), array.schema.get("maxItems")))
        domains.shown.setdefault(array.key, question.words)
        return Asked(question, {}, array.key, "", loops)
    domains.options[met.name] = [True, False]
    if met.is_faulty:
        domains.faulty.add(met.name)
    domains.shown[met.name] = question.words
    return Asked(question, {}, None, met.name, loops)


def _answers(key: Key, possible: dict[Key, _Possible], *, plain: bool) -> bool:
    """Whether what is known of a value answers a question; `plain`: that compares it with constants."""
    return _is_number(key) or (key in possible and (plain or possible[key].every))


def _is_number(key: Key) -> bool:
    """Whether it is a number of `loop`, which the round decides."""
    return key[0] == _NUMBER and len(key) > 1
