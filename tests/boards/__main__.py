"""`python -m tests.boards`: write the golden texts of the zoo and the README's table anew."""

from tests.boards import NAMES, README
from tests.boards.exposition import regenerate_exposition
from tests.boards.golden import regenerate
from tests.boards.support_table import with_table

for name in NAMES:
    regenerate(name)
    regenerate_exposition(name)
README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
