"""What a push does whose journal was replaced by an older one: restored from a backup, or a copy took over that was behind."""

from pnpc.cli.common import count_of, say
from pnpc.cli.errors import CouldNotRun
from pnpc.deliver.holding import note_again
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.payload_files import Changed
from pnpc.deliver.sending.lines import LineStates
from pnpc.deliver.sending.push import PushPlan
from pnpc.project.files import CouldNotRead


def note_what_was_lost(journal: AnyJournal, plan: PushPlan, before: LineStates, after: LineStates) -> None:
    """Note what the journal has lost of a push, and say what it may have lost beside that. `before` are the lines as the push left
    them, `after` as the journal knows them. Raises CouldNotRun, JournalFailed."""
    try:
        number = note_again(plan.artifact, plan.run(), journal, after, before.lost(after), now())
    except (Changed, CouldNotRead, OSError) as error:
        raise CouldNotRun(str(error)) from None
    say(f"the journal has again what it lost of this push: {count_of(number, 'message')}; before the next push, `pnpc journal hold` all"
        " that others sent since its backup (docs/journal.md)", "outdated", "error", messages=number)  # fmt: skip
