"""A group of commands that says which ones there are when it is asked for another."""

from typing import Any

import click

from edged.errors import not_among


class CommandGroup(click.Group):
    """click's own group only says that there is no such command."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        """Run the command; an option without its value does not say by itself of which command it is."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if error.ctx is None:
                error.ctx = click.Context(self, parent=ctx, info_name=ctx.invoked_subcommand)
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names.

        Raises:
            UsageError: If there is none of that name.
        """
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            raise not_among(known, "command", args[0])
        return super().resolve_command(ctx, args)
