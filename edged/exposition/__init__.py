"""What leaves the board: metrics over HTTP."""
