"""What every failure of edged tells a person: what is wrong, where, and what to do."""


class EdgedError(Exception):
    """A failure that a person can understand and act on.

    Args:
        what: What is wrong, in one sentence without a full stop.
        where: The file, key, device or sysfs path concerned, if there is one.
        remedy: What to do about it, if anything can be done.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        """Keep the three parts apart, so that each output can lay them out its own way."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """All parts in one line, for logs."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}; {self.remedy}" if self.remedy else text


class UsageError(EdgedError):
    """The command line or the configuration asks for something that cannot be: exit code 2."""
