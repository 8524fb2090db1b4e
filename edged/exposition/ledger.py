"""Adds up what cases have done since the daemon began."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from edged.exposition.case_account import CaseAccount, CaseLabels, case_labels
from edged.inference.job import Inference
from edged.measurement.result import Case, Measurement


class Ledger:
    """Adds up what cases have done.

    One thread applies, any thread reads `accounts` and `idle_power_w`: a change replaces the whole mapping.

    Args:
        cases: The cases that will be measured: their counters begin at 0.
        last_valid: Valid measurements that were made before, in order of time; those of other cases are
            left out.
    """

    def __init__(self, cases: Iterable[Case], last_valid: Iterable[Measurement] = ()) -> None:
        """Begin with nothing done."""
        accounts = {labels: CaseAccount(labels) for labels in map(case_labels, cases)}
        idle_power_w: dict[str, float] = {}
        for measurement in last_valid:
            labels = case_labels(measurement.case)
            if labels in accounts:
                accounts[labels] = CaseAccount(labels, last_valid=measurement, last=measurement)
                idle_power_w |= _baselines_w(measurement)
        self.accounts: Mapping[CaseLabels, CaseAccount] = MappingProxyType(accounts)
        self.idle_power_w: Mapping[str, float] = MappingProxyType(idle_power_w)

    def expect(self, cases: Iterable[Case]) -> None:
        """These cases will be measured too: counters of new ones begin at 0, the others go on."""
        new = {labels: CaseAccount(labels) for labels in map(case_labels, cases)}
        self.accounts = MappingProxyType({**new, **self.accounts})

    def apply_inferences(self, case: Case, inferences: Sequence[Inference]) -> None:
        """Count inferences of a measurement under way, each once.

        Args:
            case: The case that runs.
            inferences: Those since the last call, warm-ups included.
        """
        self._replace(self._account(case).with_inferences(inferences))

    def apply(self, measurement: Measurement) -> None:
        """Count a complete measurement, whose inferences have been applied as they came."""
        self._replace(self._account(measurement.case).with_measurement(measurement))
        if measurement.verdict.valid:
            self.idle_power_w = MappingProxyType({**self.idle_power_w, **_baselines_w(measurement)})

    def _account(self, case: Case) -> CaseAccount:
        labels = case_labels(case)
        return self.accounts.get(labels) or CaseAccount(labels)

    def _replace(self, account: CaseAccount) -> None:
        self.accounts = MappingProxyType({**self.accounts, account.labels: account})


def _baselines_w(measurement: Measurement) -> dict[str, float]:
    return {rail: energy.idle_power_w for rail, energy in measurement.rails.items()}
