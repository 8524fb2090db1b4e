"""The whole daemon, as processes, while things go wrong."""
