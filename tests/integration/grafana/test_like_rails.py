"""Energies that are shown beside each other, as Prometheus works them out."""

import shutil
import subprocess
from pathlib import Path

import pytest

from edged.grafana.query import Boards
from edged.grafana.rails import change_over_rails, how_many_rails, over_like_rails, over_rails

_BOARD = Boards('instance="xu3"')
_ENERGY = "edged_measurement_net_energy_joules"
_TEST = """
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{series: '{energy}{{instance="xu3", model="a", rail="big"}}', values: '0.3'}}
      - {{series: '{energy}{{instance="xu3", model="a", rail="mem"}}', values: '0.1'}}
      - {{series: '{energy}{{instance="xu3", model="b", rail="big"}}', values: '0.2'}}
      - {{series: '{energy}{{instance="other", model="b", rail="big"}}', values: '9'}}
      - {{series: '{energy}{{instance="other", model="b", rail="gpu"}}', values: '9'}}
      - {{series: '{energy}{{instance="other", model="b", rail="mem"}}', values: '9'}}
      - {{series: '{energy}{{instance="xu3", model="c", rail="big"}}', values: '0.5'}}
      - {{series: '{energy}{{instance="xu3", model="c", rail="mem"}}', values: '0.2'}}
    promql_expr_test:
      - expr: '{expr}'
        eval_time: 0m
        exp_samples:
          - {{labels: '{{model="a"}}', value: 0.4}}
          - {{labels: '{{model="c"}}', value: 0.7}}
"""
# Eight days, every ten minutes. Of b a sensor is away since the sixth day; a costs more since then.
_WEEK = """
evaluation_interval: 10m
tests:
  - interval: 10m
    input_series:
      - {{series: '{energy}{{instance="xu3", model="a", rail="big"}}', values: '0.3x863 0.5x288'}}
      - {{series: '{energy}{{instance="xu3", model="a", rail="mem"}}', values: '0.1x1152'}}
      - {{series: '{energy}{{instance="xu3", model="b", rail="big"}}', values: '0.3x1152'}}
      - {{series: '{energy}{{instance="xu3", model="b", rail="mem"}}', values: '0.1x863 _x289'}}
    promql_expr_test:
      - expr: 'round({expr}, 0.001)'
        eval_time: 8d
        exp_samples:
          - {{labels: '{{model="a"}}', value: 0.5}}
"""
# Of a the whole board is measured, beside two of its rails; of b two rails and a part of one of them.
_METERED = """
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {{series: '{energy}{{instance="xu3", model="a", rail="board"}}', values: '0.9'}}
      - {{series: '{energy}{{instance="xu3", model="a", rail="big"}}', values: '0.3'}}
      - {{series: '{energy}{{instance="xu3", model="a", rail="mem"}}', values: '0.1'}}
      - {{series: '{energy}{{instance="xu3", model="b", rail="package-0"}}', values: '0.3'}}
      - {{series: '{energy}{{instance="xu3", model="b", rail="package-0/core"}}', values: '0.2'}}
      - {{series: '{energy}{{instance="xu3", model="b", rail="package-0/dram"}}', values: '0.1'}}
    promql_expr_test:
      - expr: '{expr}'
        eval_time: 0m
        exp_samples:
          - {{labels: '{{model="a"}}', value: 1}}
          - {{labels: '{{model="b"}}', value: 2}}
"""


def test_only_the_rails_that_are_added_are_counted(tmp_path: Path) -> None:
    _hold(tmp_path, _METERED, how_many_rails(_BOARD, _ENERGY, "model"))


def test_a_case_that_lost_a_rail_since_then_is_not_told_to_cost_less(tmp_path: Path) -> None:
    _hold(tmp_path, _WEEK, change_over_rails(_BOARD, _ENERGY, "model", ago="1w"))


def test_a_case_on_fewer_rails_than_the_others_of_its_board_is_not_beside_them(tmp_path: Path) -> None:
    _hold(tmp_path, _TEST, over_like_rails(over_rails(_BOARD, _ENERGY, "model"), "model", _BOARD(_ENERGY)))


def _hold(tmp_path: Path, test: str, expr: str) -> None:
    if not shutil.which("promtool"):
        pytest.skip("there is no promtool: apt-get install prometheus")
    file = tmp_path / "energies.yml"
    file.write_text(test.format(energy=_ENERGY, expr=expr), encoding="utf-8")
    done = subprocess.run(
        ["promtool", "test", "rules", str(file)], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
