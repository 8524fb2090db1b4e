"""How watts are read: one file per kind of source."""
