"""What a snapshot says as JSON, for the built-in page and for scripts: see README.md."""
