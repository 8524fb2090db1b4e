"""What a board is called: `promtool check service-discovery` with the shipped relabelling."""

import json
from pathlib import Path

import pytest

from tests.integration.rules.promtool import run


def labels_of(stack: Path, job: str, targets: str, **labels: str) -> dict[str, str]:
    """The labels that a board gets."""
    name = "edged-https" if job == "edged-https" else "edged"
    entry = {"targets": [targets], "labels": labels}
    (stack / f"targets/{name}.yml").write_text(json.dumps([entry]))
    # Where the containers and Debian have them.
    for place, source in (("rules", "../prometheus"), ("alertmanagers.yml", "debian/alertmanagers.yml")):
        if not (stack / place).exists():
            (stack / place).symlink_to(stack / source)
    for path in (stack / "secrets/prometheus").iterdir():
        if not (stack / "secrets" / path.name).exists():
            (stack / "secrets" / path.name).symlink_to(path)
    done = run("check", "service-discovery", "--timeout=2s", stack / "prometheus.yml", job)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = json.loads(done.stdout)
    result: dict[str, str] = found["labels"]
    return result


@pytest.mark.usefixtures("promtool")
@pytest.mark.parametrize(
    ("target", "given", "name"),
    [
        ("192.0.2.11:10231", {"instance": "xu3-attic"}, "xu3-attic"),
        ("xu3-attic.example:10231", {}, "xu3-attic.example"),
        ("192.0.2.11:10231", {}, "192.0.2.11"),
        ("[2001:db8::11]:10231", {}, "[2001:db8::11]"),
    ],
)
@pytest.mark.parametrize("job", ["edged", "edged-https"])
def test_a_board_is_called_by_its_name(
    stack: Path, job: str, target: str, given: dict[str, str], name: str
) -> None:
    labels = labels_of(stack, job, target, **given)
    assert (labels["instance"], labels["job"], labels["__address__"]) == (name, "edged", target)
    assert labels["__scheme__"] == ("https" if job == "edged-https" else "http")
