"""When the next case runs, and when it must wait, and why."""
