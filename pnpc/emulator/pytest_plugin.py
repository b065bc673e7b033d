"""A pytest plugin: the fixture `line_emulator`, LINE's side for one test. It loads nothing until a test asks for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pnpc.emulator import Emulator


@pytest.fixture
def line_emulator() -> "Iterator[Emulator]":
    """A fresh emulator at `line_emulator.url`, with a virtual clock; keys that the catalog can't know are taken."""
    from pnpc.emulator import Emulator  # pytest loads the plugin in every run; most start no emulator

    with Emulator(lenient=True) as emulator:
        yield emulator
