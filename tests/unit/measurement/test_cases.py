"""Which cases there are and which are wanted."""

from pathlib import Path

import pytest

from edged.board.parts import Board, CpuCluster, Identity
from edged.errors import UsageError
from edged.inference.model import Model
from edged.measurement.cases import all_cases, select
from edged.measurement.result import Case

BOARD = Board(
    identity=Identity("Hardkernel Odroid XU4", (), "Exynos 5422", "6.6", "armv7l"),
    clusters=(CpuCluster("little", "Cortex-A7", (0, 1, 2, 3)), CpuCluster("big", "Cortex-A15", (4, 5, 6, 7))),
)
MODELS = [
    Model(f"m_{a}{s}", Path(), a, p, "random")
    for a in ("0.25", "1.0")
    for p, s in (("fp32", ""), ("int8", "_quant"))
]
CASES = all_cases(MODELS, BOARD)


def test_every_model_runs_on_every_cluster_the_fast_one_first() -> None:
    assert len(CASES) == 8
    assert [case.cpu_cluster for case in CASES] == ["big"] * 4 + ["little"] * 4
    assert str(CASES[0]) == "m_0.25@big"


def test_no_choice_is_every_case() -> None:
    assert select(CASES) == CASES


def test_choices_add_up() -> None:
    chosen = select(CASES, models=["m_1.0*"], precisions=["int8"], clusters=["little"])
    assert [str(case) for case in chosen] == ["m_1.0_quant@little"]


def test_a_case_can_be_named_whole() -> None:
    assert [str(case) for case in select(CASES, models=["m_1.0@big", "*_quant@little"])] == [
        "m_1.0@big",
        "m_0.25_quant@little",
        "m_1.0_quant@little",
    ]


ODD = ("[ab]", "a", "b*", "b1", "[/foo]")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("[ab]", ["[ab]"]),
        ("[ab]@big", ["[ab]"]),
        ("[ab]@*", ["[ab]"]),
        ("b*", ["b*"]),
        ("b?", ["b*", "b1"]),
        ("[a]", ["a"]),
        ("[/foo]", ["[/foo]"]),
        ("[/foo]@b?g", ["[/foo]"]),
    ],
)
def test_an_exact_name_goes_before_a_pattern(name: str, meant: list[str]) -> None:
    cases = [Case(Model(odd, Path(), "", "int8", "trained"), "big") for odd in ODD]
    assert [case.model.name for case in select(cases, models=[name])] == meant


@pytest.mark.parametrize("name", ["/models/door.tflite", "/models/../models/door.tflite@big", "door.tflite"])
def test_a_model_can_be_named_by_its_file(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    place = Path("/models") if "/" in name else tmp_path
    cases = [Case(Model(odd, place / f"{odd}.tflite", "", "int8", "trained"), "big") for odd in ("door", "a")]
    assert [str(case) for case in select(cases, models=[name])] == ["door@big"]


def test_a_file_that_is_no_models_is_to_be_named_in_the_configuration() -> None:
    with pytest.raises(UsageError, match="no model of that file") as refusal:
        select(CASES, models=["./door.tflite"])
    assert "[[model]]" in refusal.value.remedy


@pytest.mark.parametrize(
    ("choice", "known"),
    [
        ({"models": ["m_0.26"]}, "did you mean m_0.25? known: m_0.25, m_0.25_quant, m_1.0, m_1.0_quant"),
        ({"models": ["m_1.0@huge"]}, "m_1.0@big"),
        ({"precisions": ["int4"]}, "known: fp32, int8"),
        ({"clusters": ["mid"]}, "known: big, little"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(choice: dict[str, list[str]], known: str) -> None:
    with pytest.raises(UsageError) as refusal:
        select(CASES, **choice)
    assert known in refusal.value.remedy


def test_choices_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(UsageError, match="no case matches"):
        select(CASES, models=["m_0.25"], precisions=["int8"])
