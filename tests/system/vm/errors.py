"""Why the guest cannot be had, or did not work."""


class UnavailableError(Exception):
    """This machine cannot build or run the guest, which is no fault of edged: the checks are skipped."""


class GuestFailedError(Exception):
    """The guest was built or booted, and did not do what it should."""
