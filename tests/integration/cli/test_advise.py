"""`edged advise` as its reader asks it, of a board that repeats Table II."""

import json
from pathlib import Path

import pytest

from edged.inference.model import Model
from edged.measurement.result import Uncertain
from tests.integration.cli.command import edged
from tests.integration.cli.paper_journal import write_journal, write_paper_journal
from tests.unit.report.boards import record


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration whose journal has the paper's 16 cases."""
    return write_paper_journal(tmp_path)


def test_at_ten_frames_a_second_and_65_percent_it_takes_the_a15(config: Path) -> None:
    done = edged("advise", "--min-fps", "10", "--min-accuracy", "65", "--json", "--config", config)
    assert done.code == 0
    told = json.loads(done.out)
    assert [(c["model"], c["cpu_cluster"]) for c in told["choices"]] == [
        ("mobilenet_v1_0.75_224_quant", "big")
    ]
    assert told["least"] == "energy"
    assert told["next_better"]["model"] == "mobilenet_v1_1.0_224_quant"
    assert told["next_better"]["cpu_cluster"] == "little"


def test_the_table_says_what_more_accuracy_costs(config: Path) -> None:
    done = edged("advise", "--min-accuracy", "60", "--config", config)
    assert done.code == 0
    assert "0.5_224_quant" in done.out
    assert "Deploy mobilenet_v1_0.5_224_quant@little: the least energy for certain." in done.out
    assert (
        "The next better, mobilenet_v1_0.75_224_quant@little: +5.7 points for +141.1 ms (x1.84)" in done.out
    )


def test_without_any_limit_it_says_that_accuracy_was_not_asked_for(config: Path) -> None:
    hint = "--min-accuracy says how accurate it must be"
    assert hint in edged("advise", "--config", config).out
    assert hint not in edged("advise", "--min-accuracy", "40", "--config", config).out


def test_where_nothing_keeps_to_the_limits_it_says_what_is_nearest(config: Path) -> None:
    done = edged("advise", "--max-latency", "5", "--config", config)
    assert done.code == 1
    assert "The fastest: mobilenet_v1_0.25_224_quant@big" in done.out


def test_the_next_better_one_keeps_to_the_limits_where_one_does(config: Path) -> None:
    words = ("--max-latency", "120", "--min-accuracy", "65", "--json", "--config")
    told = json.loads(edged("advise", *words, config).out)
    assert told["choices"][0]["model"] == "mobilenet_v1_0.75_224_quant"
    assert (told["next_better"]["model"], told["next_better"]["cpu_cluster"]) == (
        "mobilenet_v1_1.0_224_quant",
        "big",
    )
    assert told["next_better"]["breaks"] == []


@pytest.mark.parametrize("latency", ["50", "50ms", "50 ms", "0.05s"])
def test_limits_are_typed_with_units_or_without(config: Path, latency: str) -> None:
    done = edged("advise", "--max-latency", latency, "--min-accuracy", "60%", "--json", "--config", config)
    assert [choice["model"] for choice in json.loads(done.out)["choices"]] == ["mobilenet_v1_0.5_224_quant"]


@pytest.mark.parametrize("energy", ["30", "30mJ", "0.03J"])
def test_an_energy_is_in_millijoules_unless_it_says_otherwise(config: Path, energy: str) -> None:
    done = edged("advise", "--max-energy", energy, "--min-accuracy", "60", "--json", "--config", config)
    (choice,) = json.loads(done.out)["choices"]
    assert (choice["model"], choice["cpu_cluster"]) == ("mobilenet_v1_0.5_224_quant", "little")


def test_a_limit_that_u95_leaves_open_is_kept_probably_and_broken_probably(config: Path) -> None:
    # 41.3394 ms with a U95 of 0.0085 ms.
    above = edged("advise", "--max-latency", "41.343", "--min-accuracy", "60", "--config", config)
    assert "probably" in above.out
    beneath = edged("advise", "--max-latency", "41.335", "--min-accuracy", "60", "--config", config)
    assert beneath.code == 1
    assert "mobilenet_v1_0.5_224_quant@big breaks your limit of latency by less than U95" in beneath.out


def test_limits_that_contradict_each_other_say_what_comes_nearest_to_each(config: Path) -> None:
    done = edged("advise", "--max-latency", "50", "--min-accuracy", "70", "--config", config)
    assert done.code == 1
    assert "The fastest that keeps to the rest: mobilenet_v1_1.0_224_quant@big" in done.out
    assert "The most accurate that keeps to the rest: mobilenet_v1_0.5_224_quant@big, 61.2 %" in done.out


def test_only_one_cluster_or_one_kind_of_model_can_be_asked_about(config: Path) -> None:
    done = edged("advise", "--cluster", "little", "--model", "*_quant", "--json", "--config", config)
    choices = json.loads(done.out)["choices"]
    assert len(choices) == 4
    assert {choice["cpu_cluster"] for choice in choices} == {"little"}
    unknown = edged("advise", "--model", "resnet", "--config", config)
    assert unknown.code == 2
    assert "mobilenet_v1_0.25_224@big" in unknown.err


def test_a_board_without_sensors_is_not_asked_for_joules(tmp_path: Path) -> None:
    config = write_paper_journal(tmp_path, power=False)
    for words in (("--least", "energy"), ("--max-energy", "100")):
        done = edged("advise", *words, "--config", config)
        assert done.code == 1
        assert "nothing measured power on this board" in done.err
    assert edged("advise", "--config", config).code == 0


def test_what_is_simulated_says_so(tmp_path: Path) -> None:
    config = write_paper_journal(tmp_path, simulation="simulated xu4")
    assert "SIMULATED: simulated xu4" in edged("advise", "--config", config).out
    told = json.loads(edged("advise", "--json", "--config", config).out)
    assert told["simulation"] == "simulated xu4"


@pytest.mark.parametrize(
    "words",
    [
        ("--max-latency", "0"),
        ("--max-latency", "-5"),
        ("--max-latency", "fast"),
        ("--max-latency", "5 mJ"),
        ("--max-latency", "nan"),
        ("--max-energy", "5MJ"),
        ("--min-accuracy", "101"),
        ("--min-accuracy", "0.65"),
        ("--max-latency", "9", "--min-fps", "9"),
        ("--least", "cost"),
    ],
)
def test_what_cannot_be_meant_is_refused(config: Path, words: tuple[str, ...]) -> None:
    assert edged("advise", *words, "--config", config).code == 2


def test_what_ran_once_is_said_to_have_no_known_u95_and_is_never_certain(tmp_path: Path) -> None:
    fastest, good = "mobilenet_v1_0.25_224_quant@big", "mobilenet_v1_0.5_224_quant@big"
    config = write_paper_journal(tmp_path, single_runs=(fastest, good))
    done = edged("advise", "--max-latency", "100", "--least", "latency", "--config", config)
    told = " ".join(done.out.split())
    assert "41.34 ms ± ?" in told
    assert f"Deploy {fastest}; " in told
    assert "may have as little latency." in told
    assert "for certain" not in told
    assert f"that of the latency of {fastest}, {good} is not known." in told

    words = ("--max-latency", "100", "--min-accuracy", "60", "--json", "--config")
    choice = json.loads(edged("advise", *words, config).out)["choices"][0]
    assert choice["latency_s"]["u95"] is None
    assert choice["keeps"] == "probably"


def test_a_limit_broken_by_what_ran_once_is_not_said_to_be_broken_by_less_than_u95(tmp_path: Path) -> None:
    good = "mobilenet_v1_0.5_224_quant@big"
    config = write_paper_journal(tmp_path, single_runs=(good,))
    done = edged("advise", "--max-latency", "40", "--min-accuracy", "60", "--config", config)
    assert done.code == 1
    assert f"{good} breaks your limit of latency, but its U95 is not known." in " ".join(done.out.split())
    assert "less than U95" not in done.out


BEST = "mobilenet_v1_1.0_224_quant@big"


def test_the_only_case_within_the_limits_is_not_denied_for_want_of_joules(tmp_path: Path) -> None:
    config = write_paper_journal(tmp_path, without_power=(BEST,))
    words = ("--max-latency", "115ms", "--min-accuracy", "70")
    done = edged("advise", *words, "--config", config)
    assert done.code == 0
    assert "None of" not in done.out
    assert "energy not known" in done.out
    assert (
        f"{BEST} keeps to your limits, but its energy is not known: --least latency does without it."
        in done.out
    )
    (choice,) = json.loads(edged("advise", *words, "--json", "--config", config).out)["choices"]
    assert (choice["model"], choice["dearer_ratio"], choice["not_known"]) == (
        "mobilenet_v1_1.0_224_quant",
        None,
        ["energy"],
    )
    assert f"Deploy {BEST}" in edged("advise", *words, "--least", "latency", "--config", config).out


def test_a_case_without_joules_is_listed_last_and_is_the_next_better(tmp_path: Path) -> None:
    config = write_paper_journal(tmp_path, without_power=(BEST,))
    words = ("--max-latency", "115ms", "--min-accuracy", "66", "--config", config)
    done = edged("advise", *words)
    assert done.code == 0
    assert "Deploy mobilenet_v1_0.75_224_quant@big: the least energy that is known." in done.out
    assert f"Energy is not known of 1 case, {BEST}: --least latency does without it." in done.out
    assert f"The next better, {BEST}: +3.1 points" in done.out
    assert "; its energy is not known." in done.out
    told = json.loads(edged("advise", *words, "--json").out)
    assert [choice["not_known"] for choice in told["choices"]] == [[], ["energy"]]
    assert told["next_better"]["not_known"] == ["energy"]
    assert told["next_better"]["breaks"] == []


def test_without_joules_nobody_knows_whether_a_limit_of_energy_is_kept(tmp_path: Path) -> None:
    config = write_paper_journal(tmp_path, without_power=(BEST,))
    words = ("--max-latency", "115", "--min-accuracy", "70", "--max-energy", "1J", "--config", config)
    done = edged("advise", *words)
    assert done.code == 1
    assert "None of 16 measured cases is known to keep to these limits." in done.out
    assert f"Energy is not known of 1 case, {BEST}: edged board says what would bring it." in done.out
    (undecided,) = json.loads(edged("advise", *words, "--json").out)["undecided"]
    assert (undecided["cpu_cluster"], undecided["not_known"]) == ("big", ["energy"])

    beside = edged("advise", "--min-accuracy", "65", "--max-energy", "300mJ", "--config", config)
    assert beside.code == 0
    assert "Deploy mobilenet_v1_0.75_224_quant@little: the least energy that is known." in beside.out
    assert f"Energy is not known of 1 case, {BEST}" in beside.out


def test_of_several_without_joules_none_is_called_the_least(tmp_path: Path) -> None:
    fast = ("mobilenet_v1_0.25_224_quant@big", "mobilenet_v1_0.25_224@big")
    config = write_paper_journal(tmp_path, without_power=fast)
    done = edged("advise", "--max-latency", "25ms", "--config", config)
    assert done.code == 0
    assert (
        "2 cases keep to your limits, but the energy of none is known: --least latency ranks them."
        in done.out
    )
    assert "Deploy" not in done.out
    free = edged("advise", "--config", config)
    assert "That is the least that is known; --min-accuracy says" in free.out


def test_a_case_over_fewer_rails_than_the_rest_is_not_the_least_and_said_why(tmp_path: Path) -> None:
    # Nothing is measured on the rail little while big works: 0 J.
    config = write_paper_journal(tmp_path, fewer_rails=(BEST,))
    words = ("--min-accuracy", "66", "--config", config)
    done = edged("advise", *words)
    assert done.code == 0
    assert "Deploy mobilenet_v1_0.75_224_quant@little: the least energy that is known." in done.out
    why = f"{BEST} was measured on other rails (little) than the rest: its energy is not compared"
    assert why in done.out
    limited = edged("advise", "--max-energy", "1 mJ", "--config", config)
    assert why in limited.out
    assert "edged board says what would bring it" not in limited.out
    told = json.loads(edged("advise", *words, "--json").out)
    assert told["on_other_rails"] == [
        {"model": "mobilenet_v1_1.0_224_quant", "cpu_cluster": "big", "rails": ["little"]}
    ]
    assert [each["not_known"] for each in told["choices"]][-1] == ["energy"]


def test_a_model_without_accuracy_is_said_to_have_none(tmp_path: Path) -> None:
    mine = Model("mine", tmp_path / "mine.tflite", alpha="", precision="int8", weights="trained")
    config = write_journal(tmp_path, [record(mine, "big", Uncertain(0.01, 0.001)).measurement])
    why = (
        "Accuracy is not known of 1 case, mine@big: top1_ratio in the [[model]] of one of your own tells it."
    )
    free = edged("advise", "--config", config)
    assert free.code == 0
    assert "not known" in free.out.partition("Deploy")[0]
    assert why in free.out
    bound = edged("advise", "--min-accuracy", "10", "--config", config)
    assert bound.code == 1
    assert "None of 1 measured cases is known to keep to these limits." in bound.out
    assert why in bound.out
