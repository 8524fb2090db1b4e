"""Who may not read a journal is told who may."""

import errno
from pathlib import Path
from typing import Any

import pytest

from edged.cli.readable_journal import readable_journal
from edged.config.file import parse_config
from edged.config.sections import Config
from edged.errors import EdgedError


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return parse_config('[journal]\npath = "j.db"\n', tmp_path / "edged.toml").config


def test_a_journal_that_is_closed_to_this_user_says_to_whom_it_is_open(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may read everything: the kernel's answer to others is put in its place.
    def refuse(path: Path, *_: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(EdgedError, match="the journal cannot be read: Permission denied") as refused:
        readable_journal(config, "xu3")
    assert refused.value.where.endswith("j.db.xu3")
    assert "root" in refused.value.remedy


@pytest.mark.parametrize("make", [Path.exists, Path.mkdir, Path.touch])
def test_everything_else_is_for_its_reader_to_tell(config: Config, make: Any) -> None:
    make(config.journal.path)
    assert readable_journal(config, "") == config.journal.path
