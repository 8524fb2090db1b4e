"""The table of downloads agrees with the published one."""

import csv
from pathlib import Path

from edged.inference.hosted_files import BASE_URL, HOSTED_FILES
from edged.inference.zoo import mobilenet_name


def test_addresses_and_checksums_are_the_published_ones(shared: Path) -> None:
    with (shared / "paper" / "models.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    published = {
        mobilenet_name(str(float(row["alpha"])), row["precision"]): (
            row["download_url"],
            row["archive_sha256"],
        )
        for row in rows
    }
    assert len(published) == 8
    assert {
        hosted.name: (BASE_URL + hosted.archive, hosted.archive_sha256) for hosted in HOSTED_FILES
    } == published


def test_every_archive_holds_the_model_of_its_own_name() -> None:
    assert all(hosted.member == f"{hosted.name}.tflite" for hosted in HOSTED_FILES)
