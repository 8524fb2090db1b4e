"""One file per command; the only code that knows arguments and terminals."""
