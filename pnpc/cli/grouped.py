"""Options under headings: a command with many is read by what one wants to do."""

from typing import Any

import click

OTHERS = "Options"


class Option(click.Option):
    """An option that stands in the help under the heading `group`."""

    def __init__(self, *args: Any, group: str = OTHERS, **more: Any) -> None:
        super().__init__(*args, **more)
        self.group = group


class Command(click.Command):
    """A command whose help has a heading for each group of options, in the order in which they come."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, by group; those of none last."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx) if isinstance(option, click.Option) else None
            if record is not None:
                groups.setdefault(getattr(option, "group", OTHERS), []).append(record)
        others = groups.pop(OTHERS, [])
        for heading, records in [*groups.items(), (OTHERS, others)]:
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)
