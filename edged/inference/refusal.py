"""Why a worker did not even begin to infer."""

from edged.errors import EdgedError


class RefusedError(EdgedError):
    """The worker refuses its job.

    Args:
        cause: The cause, as in `Failed`.
        what: What is wrong.
        where: The file concerned.
        remedy: What to do about it.
    """

    def __init__(self, cause: str, what: str, *, where: str = "", remedy: str = "") -> None:
        """Keep the cause for the event."""
        super().__init__(what, where=where, remedy=remedy)
        self.cause = cause
