"""`edged config check` and `edged config show`."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from edged.cli.config import config
from edged.config import load_config
from edged.errors import UsageError


def test_check_says_that_a_good_file_is_good(tmp_path: Path) -> None:
    file = tmp_path / "edged.toml"
    file.write_text("[measure]\nseed = 3\n")
    result = CliRunner().invoke(config, ["check", str(file)])
    assert (result.exit_code, result.output) == (0, f"{file}: good\n")


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_bad_file_is_a_usage_error(tmp_path: Path, command: str) -> None:
    file = tmp_path / "edged.toml"
    file.write_text("sead = 3\n")
    result = CliRunner().invoke(config, [command, str(file)])
    assert isinstance(result.exception, UsageError)
    assert result.exception.where == f"{file}:1"


def test_show_prints_a_configuration_that_can_be_used_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "edged.toml"
    file.write_text("[measure]\nseed = 3\n[models]\ndirectory = 'here'\n")
    shown = tmp_path / "shown.toml"
    shown.write_text(CliRunner().invoke(config, ["show", str(file)]).output)
    assert load_config(shown) == load_config(file)
