"""pnpc: a linter and compiler for LINE notification messages.

For programs: `pnpc.check_text(text)` gives diagnostics, `pnpc.compile_text(text, …)` payloads. See `pnpc.library`.
"""

from typing import TYPE_CHECKING, Any

from pnpc.about import VERSION

if TYPE_CHECKING:
    from pnpc.library import BadRow, CannotCompile, Diagnostic, Payload, SpecErrors, check_text, compile_text

__version__ = VERSION
__all__ = [
    "BadRow",
    "CannotCompile",
    "Diagnostic",
    "Payload",
    "SpecErrors",
    "__version__",
    "check_text",
    "compile_text",
]


def __getattr__(name: str) -> Any:
    """Load the library when it is first asked for: the command line starts without it."""
    if name in __all__:
        from pnpc import library

        return getattr(library, name)
    raise AttributeError(f"module 'pnpc' has no attribute {name!r}")
