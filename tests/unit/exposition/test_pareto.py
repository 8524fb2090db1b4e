"""Trade-offs from a board's own results, and their metrics."""

from dataclasses import replace
from pathlib import Path

from edged import paper
from edged.exposition.ledger import Ledger
from edged.exposition.snapshot import ModelFacts, Snapshot
from edged.exposition.tradeoffs import board_tradeoffs, latency_and_energy
from edged.inference.zoo import FileFacts, mobilenets
from edged.measurement.cases import all_cases
from edged.measurement.result import RailEnergy, Uncertain
from edged.tradeoff.costs import Objective
from tests.unit.exposition.conftest import Scrape
from tests.unit.exposition.facts import BOARD, ENERGY, OWN, SNAPSHOT, latency_of, measurement

MODELS = mobilenets(Path("models"))
CASES = all_cases(MODELS, BOARD)


def with_table_ii(u95_ratio: float | None = 0.001) -> Snapshot:
    """A board that found the paper's latencies, and joules at 2 W on big and 0.2 W on little."""
    ledger = Ledger(CASES)
    for case in CASES:
        latency_s = 1 / paper.TABLE_II[case.model.alpha, case.model.precision, case.cpu_cluster]
        power_w = 2.0 if case.cpu_cluster == "big" else 0.2
        u95_s = None if u95_ratio is None else latency_s * u95_ratio
        rails = {"big": NOTHING, "little": NOTHING, case.cpu_cluster: energy(latency_s * power_w)}
        ledger.apply(measurement(case, latency=latency_of(latency_s, u95_s), rails=rails))
    files = {(m.alpha, m.precision): m.file_bytes for m in paper.PUBLISHED}
    facts = (ModelFacts(m, FileFacts(files[m.alpha, m.precision], "0")) for m in MODELS)
    return replace(SNAPSHOT, cases=tuple(ledger.accounts.values()), models=tuple(facts))


def energy(net_j: float) -> RailEnergy:
    return replace(ENERGY, net_energy_j=Uncertain(net_j, net_j * 0.01))


NOTHING = energy(0.0)


def labels(model: str, alpha: str, precision: str, cluster: str, objective: str) -> dict[str, str]:
    case = {"model": model, "alpha": alpha, "precision": precision, "cpu_cluster": cluster}
    return {**case, "objective": objective}


def test_alpha_half_fp32_is_on_the_a15_front_and_not_on_the_a7s(scrape: Scrape) -> None:
    registry = scrape(with_table_ii())
    name = "mobilenet_v1_0.5_224"
    for cluster, on_front in (("big", 1), ("little", 0)):
        which = labels(name, "0.5", "fp32", cluster, "latency")
        assert registry.get_sample_value("edged_pareto_optimal", which) == on_front
        assert registry.get_sample_value("edged_pareto_certain", which) == on_front


def test_nothing_but_the_most_accurate_is_certain_without_an_uncertainty(scrape: Scrape) -> None:
    registry = scrape(with_table_ii(u95_ratio=None))
    certain = {
        sample.labels["alpha"] + sample.labels["precision"]
        for metric in registry.collect()
        for sample in metric.samples
        if metric.name == "edged_pareto_certain" and sample.labels["objective"] == "latency" and sample.value
    }
    assert certain == {"1.0fp32"}


def test_a_case_without_result_has_its_memory_only_and_one_without_accuracy_nothing(scrape: Scrape) -> None:
    facts = (*with_table_ii().models, ModelFacts(OWN, FileFacts(5, "0")))
    cases = tuple(Ledger([*CASES, *all_cases([OWN], BOARD)]).accounts.values())
    registry = scrape(replace(SNAPSHOT, cases=cases, models=facts))
    exported = {
        (sample.labels["model"], sample.labels["objective"])
        for metric in registry.collect()
        for sample in metric.samples
        if metric.name.startswith("edged_pareto_")
    }
    assert exported == {(model.name, "memory") for model in MODELS}


def test_a_papers_model_without_a_file_has_its_published_size_in_the_front(scrape: Scrape) -> None:
    with_files = with_table_ii()
    whole, _ = board_tradeoffs(with_files)
    fp32_only = tuple(
        facts if facts.model.precision == "fp32" else replace(facts, file=None) for facts in with_files.models
    )
    no_files = tuple(replace(facts, file=None) for facts in with_files.models)
    small = labels("mobilenet_v1_0.25_224", "0.25", "fp32", "big", "memory")
    for models in (with_files.models, fp32_only, no_files):
        registry = scrape(replace(with_files, models=models))
        # INT8 0.5 is smaller and more accurate, whether its file is here or not.
        assert registry.get_sample_value("edged_pareto_optimal", small) == 0
        memory, _ = board_tradeoffs(replace(with_files, models=models))
        assert memory == whole


def test_the_board_as_a_whole_trades_each_model_once_in_memory_and_all_cases_in_energy() -> None:
    memory, energy = board_tradeoffs(with_table_ii())
    assert (memory.objective, len(memory.traded)) == (Objective.MEMORY, 8)
    assert (energy.objective, len(energy.traded)) == (Objective.ENERGY, 16)
    # At a tenth of the power the A7 beats the A15 although it takes up to five times as long.
    assert {each.account.labels[3] for each in energy.traded if each.standing.optimal} == {"little"}


def test_latency_and_energy_at_once_are_traded_among_the_cases_of_the_whole_board(scrape: Scrape) -> None:
    registry = scrape(with_table_ii())
    for cluster, on_front in (("big", 1), ("little", 0)):
        which = labels("mobilenet_v1_0.5_224", "0.5", "fp32", cluster, "latency_and_energy")
        assert registry.get_sample_value("edged_pareto_optimal", which) == on_front
        assert registry.get_sample_value("edged_pareto_certain", which) == on_front
    traded = latency_and_energy(with_table_ii()).traded
    assert len(traded) == 16
    # The A15 for its speed, the A7 for its energy.
    assert {each.account.labels[3] for each in traded if each.standing.certain} == {"big", "little"}


def test_a_case_without_energy_is_not_traded_for_it() -> None:
    snapshot = with_table_ii()
    first, *others = snapshot.cases
    assert first.last_valid
    unpowered = replace(first, last_valid=replace(first.last_valid, rails={}))
    traded = latency_and_energy(replace(snapshot, cases=(unpowered, *others))).traded
    assert [each.account.labels for each in traded] == [each.labels for each in others]


def test_energies_over_fewer_rails_are_not_compared_with_the_others() -> None:
    snapshot = with_table_ii()
    first, *others = snapshot.cases
    assert first.last_valid
    fewer = replace(first.last_valid, rails={"mem": energy(1e-6)})
    _, traded = board_tradeoffs(replace(snapshot, cases=(replace(first, last_valid=fewer), *others)))
    assert first.labels not in {each.account.labels for each in traded.traded}
    assert len(traded.traded) == 15
