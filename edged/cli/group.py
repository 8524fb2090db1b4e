"""A group of commands that says which ones there are when it is asked for another."""

import click

from edged.errors import not_among


class CommandGroup(click.Group):
    """click's own group only says that there is no such command."""

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
