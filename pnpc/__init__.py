"""pnpc: a linter and compiler for LINE notification messages.

For programs: `pnpc.check_text(text)` gives diagnostics, `pnpc.load(text)` a spec that is filled many times,
`pnpc.compile_text(text, …)` payloads; `pnpc.Sender()` sends them, each once. docs/python.md has all of it, with examples.
"""

from typing import TYPE_CHECKING, Any

from pnpc.about import VERSION

if TYPE_CHECKING:
    from pnpc.compile.plan import BadRow, CannotCompile
    from pnpc.compile.targets import Payload
    from pnpc.compile.text import Compiled, SpecErrors, compile_text
    from pnpc.compile.warnings import Warnings
    from pnpc.deliver.sending.protocols import Claims, Limiter, Memory, PushJournal
    from pnpc.extras import MissingExtra
    from pnpc.library.check import apply_fixes, check_text
    from pnpc.library.lines import Lines
    from pnpc.library.outcome import SendOutcome
    from pnpc.library.sender import BadPayload, Sender
    from pnpc.library.sending import AsyncSending, PlainSending
    from pnpc.library.settings import ConfigErrors
    from pnpc.library.spec import DataErrors, Spec, load
    from pnpc.library.worker import SenderFailed
    from pnpc.text.finding import Diagnostic, Edit, Fix, Range, Related
    from pnpc.text.source import Position, Span

__version__ = VERSION
__all__ = [
    "AsyncSending",
    "BadPayload",
    "BadRow",
    "CannotCompile",
    "Claims",
    "Compiled",
    "ConfigErrors",
    "DataErrors",
    "Diagnostic",
    "Edit",
    "Fix",
    "Limiter",
    "Lines",
    "Memory",
    "MissingExtra",
    "Payload",
    "PlainSending",
    "Position",
    "PushJournal",
    "Range",
    "Related",
    "SendOutcome",
    "Sender",
    "SenderFailed",
    "Span",
    "Spec",
    "SpecErrors",
    "Warnings",
    "__version__",
    "apply_fixes",
    "check_text",
    "compile_text",
    "load",
]

# What each module gives: the command line starts without any of them, and a check without what sends.
_HOMES = {
    "pnpc.compile.plan": ("BadRow", "CannotCompile"),
    "pnpc.compile.targets": ("Payload",),
    "pnpc.compile.text": ("Compiled", "SpecErrors", "compile_text"),
    "pnpc.compile.warnings": ("Warnings",),
    "pnpc.deliver.sending.protocols": ("Claims", "Limiter", "Memory", "PushJournal"),
    "pnpc.extras": ("MissingExtra",),
    "pnpc.library.check": ("apply_fixes", "check_text"),
    "pnpc.library.lines": ("Lines",),
    "pnpc.library.outcome": ("SendOutcome",),
    "pnpc.library.sender": ("BadPayload", "Sender"),
    "pnpc.library.sending": ("AsyncSending", "PlainSending"),
    "pnpc.library.settings": ("ConfigErrors",),
    "pnpc.library.spec": ("DataErrors", "Spec", "load"),
    "pnpc.library.worker": ("SenderFailed",),
    "pnpc.text.finding": ("Diagnostic", "Edit", "Fix", "Range", "Related"),
    "pnpc.text.source": ("Position", "Span"),
}


def __getattr__(name: str) -> Any:
    """Load what a name stands for when it is first asked for."""
    for module, names in _HOMES.items():
        if name in names:
            from importlib import import_module  # only programs need it

            return getattr(import_module(module), name)
    raise AttributeError(f"module 'pnpc' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
