"""LINE's side on this machine: `with Emulator() as line: ...` (see `pnpc.emulator.emulator`)."""

from pnpc.emulator.emulator import Emulator

__all__ = ["Emulator"]
