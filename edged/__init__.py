"""edged: what one inference costs on this board, in milliseconds and in joules."""

__version__ = "0.1.0"
