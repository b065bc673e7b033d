"""Which requests go wrong, and how: the faults of a scenario, chosen by endpoint, person, count and chance."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

EARLY = "reset-before-read"


class ScenarioFault:
    """One fault of a scenario. What it does stands in `does`, by the keys of the schema."""

    def __init__(self, does: Mapping[str, Any], random: Random) -> None:
        self.does = does
        self.type: str = does["type"]
        self._when: Mapping[str, Any] = does.get("when", {})
        self._left: float = does.get("times", float("inf"))
        self._random = random
        self._met = 0

    @property
    def sent(self) -> bool:
        """Whether the message is taken all the same: by default it is, unless another status is answered."""
        taken: bool = self.does.get("sent", self.type != "status")
        return taken and self.type != EARLY

    def meets(self, endpoint: str, to: str, person: str) -> bool:
        """Whether this is a request that goes wrong; asked once for each, for it counts them."""
        asked = {"endpoint": endpoint, "to": to, "person": person}
        if not self._left or any(self._when.get(name, value) != value for name, value in asked.items()):
            return False
        self._met += 1
        if self._met != self._when.get("nth", self._met) or self._met % self._when.get("every", 1):
            return False
        chance: float = self._when.get("chance", 1)
        return self._random.random() < chance

    def strike(self) -> "ScenarioFault":
        """Use it up once."""
        self._left -= 1
        return self


class Faults:
    """All faults of a scenario. Each has its own chance, so that one more fault does not change the others."""

    def __init__(self, listed: Sequence[Mapping[str, Any]], seed: int) -> None:
        made = [ScenarioFault(described, Random(f"{seed}/{index}")) for index, described in enumerate(listed)]
        self._early = [fault for fault in made if fault.type == EARLY]
        self._late = [fault for fault in made if fault.type != EARLY]

    @property
    def any(self) -> bool:
        """Whether a request must be looked at once its body is read."""
        return bool(self._late)

    def early(self, endpoint: str) -> ScenarioFault | None:
        """The fault that strikes before the body is read."""
        return _first(self._early, endpoint, "", "")

    def late(self, endpoint: str, to: str, person: str) -> ScenarioFault | None:
        """The fault that strikes a request that was read; `to` and `person` are empty for a count."""
        return _first(self._late, endpoint, to, person)


def _first(faults: Sequence[ScenarioFault], endpoint: str, to: str, person: str) -> ScenarioFault | None:
    """The first that meets a request; all of them count it."""
    met = [fault for fault in faults if fault.meets(endpoint, to, person)]
    return met[0].strike() if met else None
