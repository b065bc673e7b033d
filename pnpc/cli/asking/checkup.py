"""What can be seen of this machine and this project: versions, config, journal, token, clock."""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pnpc.about import VERSION
from pnpc.cli.common import count_of
from pnpc.deliver.asking.fact import Fact
from pnpc.extras import LIBRARIES, MissingExtra, require
from pnpc.project.files import shown

_APART = 60  # seconds by which two clocks may differ: an answer takes some of them
_MS = 1000  # of a second
_NAMES = {"prometheus_client": "prometheus-client"}  # the package of a library, where it has another name


def versions() -> Iterator[Fact]:
    """pnpc, Python, and the extras that are installed."""
    python = ".".join(map(str, sys.version_info[:3]))
    data = {"pnpc": VERSION, "python": python, "platform": sys.platform}
    yield Fact("pnpc", "ok", f"{VERSION}, Python {python}", "", data)
    there = [extra for extra in LIBRARIES if _is_installed(extra)]
    missing = [extra for extra in LIBRARIES if extra not in there]
    says = f"installed: {', '.join(there) or 'none'}" + (f"; not installed: {', '.join(missing)}" if missing else "")
    to_do = "" if "send" in there else "`pnpc push` and `pnpc verify` need: pip install 'pnpc[compile,send]'"
    libraries = {name: release for name in sorted({*sum(LIBRARIES.values(), ())}) if (release := _version(name))}
    state = "attention" if to_do else "ok"
    yield Fact("extras", state, says, to_do, {"installed": there, "missing": missing, "libraries": libraries})


def config() -> Fact:
    """The config that holds in the present folder."""
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead
    from pnpc.project.journals import project_config

    try:
        known = project_config()
    except ConfigError as error:
        first = error.diagnostics[0]
        says = f"{first.file}:{first.range.start.line}:{first.range.start.column}: {first.message}"
        return Fact("config", "attention", says, "fix it: with a config that can't be read, no command runs here")
    except CouldNotRead as error:
        return Fact("config", "attention", str(error), "fix it: with a config that can't be read, no command runs here")
    if known.file is None:
        return Fact(
            "config", "ok", "none here or above; the defaults hold", "`pnpc init` writes a pnpc.toml", {"file": None}
        )
    return Fact("config", "ok", shown(os.path.relpath(known.file)), "", {"file": known.file})


def journal() -> Fact:
    """The project's journal, opened and looked through as a push does."""
    from pnpc.deliver import opening
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead
    from pnpc.project.journals import journal_of, named_journal

    try:
        name = named_journal(None, os.environ) or journal_of()
        opening.demand_place(name)
        if opening.is_missing(name):
            return Fact("journal", "ok", f"{shown(name)} is not there yet: the first push makes it", "", {"file": name})
        with opening.to_look(name) as opened, opened.snapshot():
            runs = opened.runs()
        said = opening.shown_name(name)
    except (ConfigError, CouldNotRead):
        return Fact("journal", "not-asked", "which one it is stands in the config, which can't be read")
    except (NotAJournal, JournalFailed, MissingExtra, OSError, ValueError) as error:
        to_do = "nothing can be sent until this is set right; docs/journal.md says how"
        return Fact("journal", "attention", " ".join(str(error).split()), to_do)
    last = max((run.at for run in runs), default=None)
    data = {"file": said, "runs": len(runs), "last": None if last is None else last / _MS}
    return Fact("journal", "ok", f"{said}: {count_of(len(runs), 'push', 'pushes')}, sound", "", data)


def token() -> Fact:
    """Whether an access token is set, which is never shown."""
    from pnpc.compile.targets.line import Line
    from pnpc.deliver.sending.credentials import NoCredentials, credentials

    try:
        credentials(Line, os.environ)
    except NoCredentials as error:
        to_do = "set it to the channel access token of the LINE Developers Console, for whoever runs pnpc here"
        return Fact("token", "attention", str(error), to_do, {"set": False})
    return Fact("token", "ok", "LINE_CHANNEL_ACCESS_TOKEN is set", "", {"set": True})


def clock(now: float, journal: Fact, answers: Sequence[Fact]) -> Fact:
    """This machine's clock (seconds since 1970) against what it can't be before, and against LINE's when it answered."""
    to_do = "set the clock, or turn its synchronization (NTP) on: the journal and --hours go by it"
    data: dict[str, Any] = {"time": datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"), "apart": None}
    last = journal.data.get("last")
    if isinstance(last, float) and last > now + _APART:
        return Fact(
            "clock", "attention", f"{_time(now)}: before the last push of the journal, {_time(last)}", to_do, data
        )
    if (built := _data_day()) > now:
        return Fact(
            "clock", "attention", f"{_time(now)}: before the day of pnpc's own data, {_time(built)}", to_do, data
        )
    for moment in filter(None, (_moment(answer.date) for answer in answers)):
        data["apart"] = round(now - moment, 1)
        if abs(now - moment) > _APART:
            side = "ahead of" if now > moment else "behind"
            return Fact(
                "clock",
                "attention",
                f"{abs(now - moment):,.0f} seconds {side} the clock of the address asked",
                to_do,
                data,
            )
        return Fact("clock", "ok", f"{_time(now)}, as the address asked says", "", data)
    return Fact("clock", "ok", f"{_time(now)}, compared with no other clock", "", data)


def _is_installed(extra: str) -> bool:
    try:
        require("pnpc", extra)
    except MissingExtra:
        return False
    return True


def _version(library: str) -> str | None:
    try:
        return version(_NAMES.get(library, library))
    except PackageNotFoundError:
        return None


def _data_day() -> float:
    """The last day on which an entry of pnpc's own catalog was read, in seconds since 1970."""
    from pnpc.line.catalog import COUNTRIES, KINDS, Catalog

    catalog = Catalog()
    listings = (catalog.country(country).listings[kind] for country in COUNTRIES for kind in KINDS)
    days = [entry.date for listing in listings for entry in listing.keys.values() if entry.date]
    return datetime.fromisoformat(max(days)).replace(tzinfo=UTC).timestamp()


def _moment(date: str) -> float | None:
    """The time of a header Date; None where it has none."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError):
        return None


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
