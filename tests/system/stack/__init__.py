"""The monitoring side in deploy/stack: its files, and the Debian way with boards that are scraped."""
