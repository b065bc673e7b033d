"""Times as journals keep them: milliseconds since 1970 in UTC."""

import time
from datetime import UTC, datetime

SECOND = 1000  # of these milliseconds


def now() -> int:
    """This moment."""
    return int(time.time() * SECOND)


def iso(at: int) -> str:
    """A time as ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(at // SECOND, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(at: int) -> str:
    """The day of a time in UTC, as YYYY-MM-DD."""
    return iso(at).partition("T")[0]
