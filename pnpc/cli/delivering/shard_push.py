"""The push of one shard, by what the queue says of it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Literal, cast

from pnpc.cli.delivering.reporting import Reporting
from pnpc.cli.delivering.run import Pushing, surveyed
from pnpc.cli.delivering.secrets import secret_of, tokens_of
from pnpc.cli.delivering.stages import listed_people, lists_of_people
from pnpc.cli.errors import CouldNotRun
from pnpc.deliver.queue.shards import BadShard, Shard, list_file
from pnpc.deliver.sending.address import BadAddress, api_of
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.hours import BadHours, hours_of
from pnpc.deliver.sending.options import SendOptions
from pnpc.deliver.sending.push import PushPlan
from pnpc.project.files import shown
from pnpc.project.journals import project_config
from pnpc.project.workspace import Workspace

if TYPE_CHECKING:
    from pnpc.deliver.sending.only import OnlyThese


def push(shard: Shard, journal: str, reporting: Reporting, *, as_json: bool, color: bool) -> tuple[int, Pushing]:
    """The exit code of a push of the shard, and how it ended. Raises BadShard, CouldNotRun, CouldNotRead, OSError."""
    with _read(shard) as artifact:
        given = shard.settings
        until_run = shard.last_run if given.resend_unknown else None
        options = SendOptions(given.resend_unknown, given.send_changed, _people(shard, artifact), until_run)
        settings = _settings(shard)
        secret = secret_of(artifact.kind)
        tokens = tokens_of(secret, None if settings.api in artifact.apis else settings.api)
        plan = PushPlan(artifact, secret, settings, given.channel, options.resend_unknown, tokens=tokens)
        pushing = Pushing(artifact, journal, reporting, as_json=as_json)
        code = pushing.run(plan, options, Workspace(), color=color)
        return code, pushing


@contextmanager
def _read(shard: Shard) -> Iterator[Artifact]:
    """The lines of a shard, each fit to be sent. Raises BadShard, CouldNotRead."""
    with ExitStack() as stack:
        try:
            artifact = stack.enter_context(surveyed([shard.part]))
        except CouldNotRun as error:
            raise BadShard(str(error)) from None
        yield artifact._replace(name=shard.name)


def _people(shard: Shard, artifact: Artifact) -> "OnlyThese | None":
    """Those who are on all lists of the shard, and on the one of this project, if it has one. Raises BadShard, CouldNotRead."""
    for listed in shard.settings.only:
        if list_file(listed.file) != listed:
            raise BadShard(f"{shown(listed.file)} is not the list that was queued: it was changed")
    files = [listed.file for listed in shard.settings.only] + lists_of_people(None, [project_config()])
    return listed_people(list(dict.fromkeys(files)), artifact.kind, shard.settings.country)


def _settings(shard: Shard) -> SendSettings:
    """How to send. Raises BadShard for what `pnpc push` would not have queued: anybody may have written the row."""
    given = shard.settings
    try:
        api = api_of(given.api)
        hours = None
        if given.hours is not None:
            hours = hours_of(given.hours, given.country or "", cast('Literal["wait", "stop"]', given.outside))
    except (BadAddress, BadHours) as error:
        raise BadShard(f"its row in the queue is damaged ({error}): queue the file again") from None
    return SendSettings(api, given.rate, given.concurrency, given.not_after, hours=hours)
