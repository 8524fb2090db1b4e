"""What cannot be asked for is refused with what can: exit code 2, in words."""

from pathlib import Path

import pytest

from tests.integration.cli.command import REPLAY, edged


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("measure", "mobilnet_v1_0.5_224"),
            ("no model 'mobilnet_v1_0.5_224'", "did you mean mobilenet_v1_0.5"),
        ),
        (("measure", "*@middle", *REPLAY), ("no model '*@middle'", "mobilenet_v1_0.25_224@little")),
        (("measure", "--cluster", "middle", *REPLAY), ("no CPU cluster 'middle'", "known: big, little")),
        (("measure", "--precision", "fp16"), ("no precision 'fp16'", "known: fp32, int8")),
        (
            ("measure", "--protocol", "brust"),
            ("no protocol 'brust'", "did you mean burst? known: paper, burst"),
        ),
        (("measure", "--engine", "torch"), ("no engine 'torch'", "known: auto, tflite-runtime, ai-edge")),
        (("measure", "--delegate", "gpu"), ("no delegate 'gpu'", "known: auto, none, xnnpack")),
        (("measure", "--simulate", "xu5"), ("no simulated board 'xu5'", "known: xu3, xu4")),
        (("measure", "--engine", "replay"), ("runs on a simulated board", "give --simulate xu3 too")),
        (("measure", "--seed", "3"), ("--seed is that of a simulated board", "--simulate")),
        (("measure", "--config", "/dev/zero"), ("/dev/zero", "is it a configuration?")),
        (("measure", "--config", "/"), ("cannot be read", "directory")),
        (("run", "--config", "/no/such/file"), ("/no/such/file: cannot be read",)),
        (("run", "--protocol", "brust"), ("no protocol 'brust'",)),
        (("measure", "--simulate"), ("option '--simulate' requires an argument", "edged measure --help")),
        (("measure", "--protocl", "quick"), ("no such option", "--protocl", "edged measure --help")),
        (("measure", "door.tflite"), ("door.tflite: there is no model of that file", "[[model]]")),
        (("models", "build", "--seed"), ("option '--seed' requires", "edged models build --help")),
        (("measure", "--seed", "x"), ("'x' is not a valid whole number",)),
        (("run", "--speed", "fast"), ("'fast' is not a valid number",)),
        (
            ("run", "--simulate", "xu3", "--engine", "replay", "--speed", "nan"),
            ("'nan' is not a valid number",),
        ),
        (
            ("run", "--simulate", "xu3", "--engine", "replay", "--speed", "inf"),
            ("'inf' is not a valid number",),
        ),
        (("run", "--speed", "0"), ("--speed is that of a replay",)),
        (("run", "--simulate", "xu3", "--speed", "2"), ("--speed is that of a replay",)),
        (("results", "--simulated", "../x"), ("no simulated board '../x'", "known: xu3, xu3-replay, xu4")),
        (("status", "--simulated", "xu5"), ("no simulated board 'xu5'",)),
        (("board", "dump"), ("missing argument 'FILE'", "edged board dump --help")),
        (("measre",), ("no command 'measre'", "did you mean measure? known: measure, run, ")),
        (("models", "bild"), ("no command 'bild'", "did you mean build? known: build, fetch")),
        (("board", "dmp"), ("no command 'dmp'", "known: dump")),
        (("config", "chek"), ("no command 'chek'", "did you mean check?")),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(words: tuple[str, ...], said: tuple[str, ...]) -> None:
    done = edged(*words)
    assert (done.code, done.out) == (2, "")
    assert [part for part in said if part not in done.err.replace("python -m edged", "edged")] == []
    assert done.err.startswith("edged: ")


def test_everything_wrong_with_a_configuration_is_told_together(tmp_path: Path) -> None:
    config = tmp_path / "edged.toml"
    config.write_text('[measure]\nprotcol = "burst"\ntime_limit_s = -1\n[models]\ndirectory = 7\n')
    for command in (("measure",), ("run",), ("board",), ("models", "list")):
        done = edged(*command, "--config", config)
        assert (done.code, done.out) == (2, "")
        for line, key in ((2, "measure.protcol"), (3, "measure.time_limit_s"), (5, "models.directory")):
            assert f"edged.toml:{line}: {key} " in done.err


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[clusters.no-such]\ncpu = 0\n", "no CPU cluster 'no-such'"),
        ("[clusters.{cluster}]\ncpu = 4000\n", "CPU 4000 is not one of the CPU cluster {cluster}"),
    ],
)
def test_a_configuration_of_another_machine_is_refused(tmp_path: Path, table: str, said: str) -> None:
    shown = edged("board").out
    cluster = shown[shown.index("CPU clusters") :].split()[2]
    config = tmp_path / "edged.toml"
    config.write_text(table.format(cluster=cluster))
    done = edged("measure", "--config", config)
    assert done.code == 2
    assert said.format(cluster=cluster) in done.err


def test_a_simulated_board_takes_no_offence_at_the_clusters_of_this_one(tmp_path: Path) -> None:
    config = tmp_path / "edged.toml"
    config.write_text("[clusters.no-such]\ncpu = 0\n")
    case = "mobilenet_v1_0.25_224_quant@big"
    assert edged("measure", case, *REPLAY, "--protocol", "quick", "--config", config).code == 0
