"""Every alert with what makes it fire and what just does not."""

from collections.abc import Sequence

from tests.integration.rules.trial import Metrics, Trial

_BIG = 'cpu_cluster="big"'
_CASE = f'model="m",alpha="0.5",precision="int8",{_BIG}'
_OTHER_CASE = f'model="n",alpha="0.5",precision="int8",{_BIG}'
_CASE_LABELS = {"model": "m", "alpha": "0.5", "precision": "int8", "cpu_cluster": "big"}
_ZONE = 'thermal_zone="cpu0-thermal"'
_FAN = 'cooling_device="pwm-fan"'
_CHIP = 'sensor="ina231 0x40"'
_INFO = 'edged_board_info{model="XU3",simulated="false"}'

# A week and two days in steps of an hour; what has got worse did so after a week and half a day.
_DAY = 24
_NINE_DAYS = 9 * _DAY
_WORSE_AT = 7 * _DAY + _DAY // 2
# A day's median turns when half of the day is over, and the alert waits for an hour.
_REGRESSED_AT = _WORSE_AT + _DAY // 2 + 1


def _from(before: float, after: float) -> list[float]:
    return [before] * _WORSE_AT + [after] * (_NINE_DAYS - _WORSE_AT)


def _every(samples: int, *, of: int, until: int | None = None) -> list[float]:
    """A counter that goes up by one with every so many samples, to the end or until a sample."""
    return [1e6 + min(sample, of if until is None else until) // samples for sample in range(of)]


def _results(latency_s: list[float], joules: list[float], hertz: list[float]) -> Metrics:
    return {
        f"edged_measurement_latency_seconds{{{_CASE}}}": latency_s,
        f"edged_measurement_latency_uncertainty_seconds{{{_CASE}}}": 0.001,
        f"edged_measurement_cpu_frequency_hertz{{{_CASE}}}": hertz,
        f'edged_measurement_net_energy_joules{{{_CASE},rail="big"}}': joules,
        f'edged_measurement_net_energy_joules{{{_CASE},rail="mem"}}': 0.01,
        f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="big"}}': 0.001,
        f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="mem"}}': 0.001,
        f"edged_measurements_total{{{_CASE}}}": 0.01,
    }


_SAME_L, _SAME_J, _SAME_F = _from(0.1, 0.1), _from(0.09, 0.09), _from(2e9, 2e9)


def _temperatures(hottest_c: float) -> Metrics:
    return {
        f"edged_temperature_celsius{{{_ZONE}}}": hottest_c,
        f'edged_trip_point_celsius{{{_ZONE},trip="0",action="active"}}': 50,
        f'edged_trip_point_celsius{{{_ZONE},trip="3",action="critical"}}': 120,
    }


def _fan(state: float, hottest_c: float, throttled_share: float) -> Metrics:
    return {
        **_temperatures(hottest_c),
        f"edged_cooling_state{{{_FAN}}}": state,
        f"edged_cooling_max_state{{{_FAN}}}": 3,
        f"edged_throttled_seconds_total{{{_BIG}}}": 60 * throttled_share,
    }


def _sensor(up: float) -> Metrics:
    return {
        f"edged_sensor_up{{{_CHIP}}}": up,
        f'edged_rail_info{{{_CHIP},rail="big",chip="ina231",address="0x40"}}': 1,
    }


def _failing(every: int, window: int, *, valid: Sequence[float]) -> Metrics:
    """A case that begins to fail after five samples, with every so many; the other cases are well."""
    failures = [1e6 + max(0, sample - 5) // every for sample in range(2 * window + 20)]
    return {
        f"edged_inference_failures_total{{{_CASE}}}": failures,
        f"edged_measurements_total{{{_CASE}}}": [1e6 + each for each in valid],
        "edged_worker_restarts_total": failures,
        f"edged_inference_failures_total{{{_OTHER_CASE}}}": 0,
        f"edged_measurements_total{{{_OTHER_CASE}}}": 1,
    }


TRIALS = (
    Trial(
        "EdgedBoardDown",
        # With the sixth failure most of ten minutes have failed; a gap before that is over by then.
        fires={"up": [1.0] * 20 + [0.0] * 40, _INFO: [1.0] * 20 + [None] * 40},
        # A reboot.
        quiet={"up": [1.0] * 20 + [0.0] * 5 + [1.0] * 35},
        fires_at=25,
        severity="critical",
        summary="Board xu3 cannot be scraped.",
        description=(
            "Of the scrapes of edged on xu3 in the last 10 minutes only 45.45% succeeded; less than 50% is "
            "too few."
        ),
        disturbed_at=5,
    ),
    Trial(
        "EdgedBoardDown",
        # Two of three scrapes fail, or one of four.
        fires={"up": [0.0, 0.0, 1.0] * 20},
        quiet={"up": [0.0, 1.0, 1.0, 1.0] * 15},
        fires_at=5,
        severity="critical",
        summary="Board xu3 cannot be scraped.",
        description=(
            "Of the scrapes of edged on xu3 in the last 10 minutes only 33.33% succeeded; less than 50% is "
            "too few."
        ),
        # Two that fail where one has failed anyway.
        disturbed_at=46,
    ),
    Trial(
        "EdgedBoardVanished",
        # Five minutes after the last sample a series without a mark of its end is over, too.
        fires={"up": [1.0] * 10, _INFO: [1.0] * 10},
        # A board that is down has not vanished.
        quiet={"up": [1.0] * 10 + [0.0] * 50, _INFO: [1.0] * 10},
        fires_at=30,
        summary="Board xu3 is no longer there to be scraped.",
        description=(
            "xu3 sent metrics within the last day and has now not even been tried for 15 minutes: it has "
            "left the targets, or the Prometheus agent that scrapes it does not send."
        ),
        # While there is something to disturb; it is known from before and from after.
        disturbed_at=5,
    ),
    Trial(
        "EdgedNoBoards",
        # Another job's targets are none.
        fires={"up": [], _INFO: [], 'up{job="node",instance="xu3"}': 1},
        quiet={"up": 1},
        fires_at=15,
        severity="critical",
        summary="Prometheus has no board to scrape.",
        description="There has been no target of the job edged for 15 minutes.",
        board={"job": "edged"},
    ),
    Trial(
        "EdgedThrottled",
        # Far enough above: a reset takes away what was counted since the last scrape, a minute of five.
        fires={f"edged_throttled_seconds_total{{{_BIG}}}": 45},
        quiet={f"edged_throttled_seconds_total{{{_BIG}}}": 29},
        fires_at=8,
        labels={"cpu_cluster": "big"},
        summary="The big cluster of xu3 is throttled.",
        description=(
            "The kernel held the clock of the big cluster down because of heat for 75% of the last 5 "
            "minutes. Measurements are rejected meanwhile."
        ),
    ),
    Trial(
        "EdgedThrottledInferences",
        fires={
            f"edged_throttled_inferences_total{{{_CASE}}}": 11,
            f"edged_inferences_total{{{_CASE}}}": 100,
        },
        quiet={
            f"edged_throttled_inferences_total{{{_CASE}}}": 9,
            f"edged_inferences_total{{{_CASE}}}": 100,
            # Where nothing is inferred, a share of nothing is no share.
            'edged_throttled_inferences_total{cpu_cluster="little"}': 0,
            'edged_inferences_total{cpu_cluster="little"}': 0,
        },
        fires_at=16,
        labels={"cpu_cluster": "big"},
        summary="Throttling slows inferences on the big cluster of xu3.",
        description=(
            "11% of the inferences of the last hour on the big cluster ran while the kernel held its "
            "clock down; more than 10% is too much."
        ),
    ),
    Trial(
        "EdgedNearCritical",
        fires=_temperatures(111),
        quiet=_temperatures(110),
        fires_at=1,
        severity="critical",
        labels={"thermal_zone": "cpu0-thermal"},
        summary="Zone cpu0-thermal of xu3 is close to the shut-down temperature.",
        description=(
            "cpu0-thermal is 9 °C below the temperature at which the kernel switches the board off; less "
            "than 10 °C is too little."
        ),
    ),
    Trial(
        "EdgedFanNotResponding",
        fires=_fan(state=3, hottest_c=70, throttled_share=0.75),
        quiet=_fan(state=2.5, hottest_c=70, throttled_share=0.75),
        fires_at=8,
        labels={"cooling_device": "pwm-fan"},
        summary="The fan pwm-fan of xu3 does not cool the board.",
        description=(
            "The fan has been in state 3.0, its strongest, for 5 minutes or more, and the CPU is throttled "
            "all the same."
        ),
    ),
    Trial(
        "EdgedFanNotResponding",
        fires=_fan(state=0, hottest_c=56, throttled_share=0),
        quiet=_fan(state=0, hottest_c=55, throttled_share=0),
        fires_at=5,
        labels={"cooling_device": "pwm-fan"},
        summary="The fan pwm-fan of xu3 does not cool the board.",
        description=(
            "The fan is off though a zone has been more than 5 °C above the temperature that should start "
            "it for 5 minutes or more."
        ),
    ),
    Trial(
        "EdgedLatencyRegression",
        fires=_results(_from(0.1, 0.111), _SAME_J, _SAME_F),
        quiet=_results(_from(0.1, 0.1099), _SAME_J, _SAME_F),
        fires_at=_REGRESSED_AT,
        labels=_CASE_LABELS,
        summary="Inferences of m on xu3 are slower than a week ago.",
        description=(
            "The median latency of m on the big cluster is 11% above that of a week ago; more than 10% and "
            "beyond the stated uncertainty. No clock frequency that the board tells has changed."
        ),
        samples=_NINE_DAYS,
        interval_min=60,
        disturbed_at=_REGRESSED_AT + 5,
    ),
    Trial(
        "EdgedLatencyRegression",
        # At half the clock it is slower, but that is no regression: the clock says why.
        fires=_results(_from(0.1, 0.3), _SAME_J, _SAME_F),
        quiet=_results(_from(0.1, 0.2), _SAME_J, _from(2e9, 1e9)),
        fires_at=_REGRESSED_AT,
        labels=_CASE_LABELS,
        summary="Inferences of m on xu3 are slower than a week ago.",
        description=(
            "The median latency of m on the big cluster is 200% above that of a week ago; more than 10% and "
            "beyond the stated uncertainty. No clock frequency that the board tells has changed."
        ),
        samples=_NINE_DAYS,
        interval_min=60,
        disturbed_at=_REGRESSED_AT + 5,
    ),
    Trial(
        "EdgedLatencyRegression",
        # A PC without cpufreq tells no clock.
        fires=_results(_from(0.1, 0.111), _SAME_J, []),
        quiet=_results(_from(0.1, 0.1099), _SAME_J, []),
        fires_at=_REGRESSED_AT,
        labels=_CASE_LABELS,
        summary="Inferences of m on xu3 are slower than a week ago.",
        description=(
            "The median latency of m on the big cluster is 11% above that of a week ago; more than 10% and "
            "beyond the stated uncertainty. No clock frequency that the board tells has changed."
        ),
        samples=_NINE_DAYS,
        interval_min=60,
        disturbed_at=_REGRESSED_AT + 5,
    ),
    Trial(
        "EdgedEnergyRegression",
        fires=_results(_SAME_L, _from(0.09, 0.101), _SAME_F),
        quiet=_results(_SAME_L, _from(0.09, 0.0999), _SAME_F),
        fires_at=_REGRESSED_AT,
        labels=_CASE_LABELS,
        summary="Inferences of m on xu3 cost more energy than a week ago.",
        description=(
            "The median net energy of one inference of m on the big cluster is 11% above that of a week ago; "
            "more than 10% and beyond the stated uncertainty. No clock frequency that the board tells has "
            "changed."
        ),
        samples=_NINE_DAYS,
        interval_min=60,
        disturbed_at=_REGRESSED_AT + 5,
    ),
    Trial(
        "EdgedEnergyRegression",
        # No clock is told; and at half the clock an inference costs more, which is no regression.
        fires=_results(_SAME_L, _from(0.09, 0.101), []),
        quiet=_results(_SAME_L, _from(0.09, 0.2), _from(2e9, 1e9)),
        fires_at=_REGRESSED_AT,
        labels=_CASE_LABELS,
        summary="Inferences of m on xu3 cost more energy than a week ago.",
        description=(
            "The median net energy of one inference of m on the big cluster is 11% above that of a week ago; "
            "more than 10% and beyond the stated uncertainty. No clock frequency that the board tells has "
            "changed."
        ),
        samples=_NINE_DAYS,
        interval_min=60,
        disturbed_at=_REGRESSED_AT + 5,
    ),
    Trial(
        "EdgedUncertaintyHigh",
        fires={
            f'edged_measurement_net_energy_joules{{{_CASE},rail="big"}}': 0.1,
            f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="big"}}': 0.021,
        },
        quiet={
            f'edged_measurement_net_energy_joules{{{_CASE},rail="big"}}': 0.1,
            f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="big"}}': 0.019,
            # A rail that costs nothing, with an uncertainty: not a share of nothing.
            f'edged_measurement_net_energy_joules{{{_CASE},rail="gpu"}}': 0,
            f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="gpu"}}': 0.001,
        },
        fires_at=60,
        severity="info",
        labels=_CASE_LABELS,
        summary="The energy of m on xu3 is uncertain.",
        description=(
            "The uncertainty (U95) of the net energy of one inference of m on the big cluster is 21% of "
            "it; more than 20% is too much."
        ),
        samples=90,
        disturbed_at=70,
    ),
    Trial(
        "EdgedUncertaintyHigh",
        # The meter at the supply sees what the other rail draws: nothing counts twice.
        fires={
            f'edged_measurement_net_energy_joules{{{_CASE},rail="board"}}': 1.0,
            f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="board"}}': 0.25,
            f'edged_measurement_net_energy_joules{{{_CASE},rail="big"}}': 0.8,
            f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="big"}}': 0.01,
        },
        quiet={
            f'edged_measurement_net_energy_joules{{{_CASE},rail="package-0"}}': 1.0,
            f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="package-0"}}': 0.01,
            f'edged_measurement_net_energy_joules{{{_CASE},rail="package-0/core"}}': 0.1,
            f'edged_measurement_net_energy_uncertainty_joules{{{_CASE},rail="package-0/core"}}': 0.3,
        },
        fires_at=60,
        severity="info",
        labels=_CASE_LABELS,
        summary="The energy of m on xu3 is uncertain.",
        description=(
            "The uncertainty (U95) of the net energy of one inference of m on the big cluster is 25% of "
            "it; more than 20% is too much."
        ),
        samples=90,
        disturbed_at=70,
    ),
    Trial(
        "EdgedScheduleStalled",
        fires={
            "edged_schedule_next_timestamp_seconds": 0,
            f"edged_inferences_total{{{_CASE}}}": 0,
        },
        quiet={
            # A board whose clock is behind, but that works.
            "edged_schedule_next_timestamp_seconds": 0,
            f"edged_inferences_total{{{_CASE}}}": 1,
        },
        fires_at=76,
        summary="Nothing is measured on xu3.",
        description=(
            "No inference was counted on xu3, though a measurement has been due for 1h 16m 0s; more than "
            "1h is too late."
        ),
        samples=120,
        disturbed_at=90,
    ),
    Trial(
        "EdgedScheduleStalled",
        # Nobody knows when the next one begins.
        fires={f"edged_inferences_total{{{_CASE}}}": 0},
        quiet={f"edged_inferences_total{{{_CASE}}}": 0, "edged_schedule_next_timestamp_seconds": 1e6},
        fires_at=75,
        summary="Nothing is measured on xu3.",
        description=(
            "No inference was counted on xu3, though a measurement has been due for 6h 0m 0s; more than "
            "1h is too late."
        ),
        samples=120,
        interval_min=5,
        disturbed_at=90,
    ),
    Trial(
        "EdgedMeasurementsRejected",
        fires={
            f"edged_measurements_total{{{_CASE}}}": 1,
            f'edged_measurements_rejected_total{{{_CASE},reason="unsteady"}}': 1.1,
            f'edged_measurements_rejected_total{{{_CASE},reason="throttled"}}': 1,
        },
        quiet={
            f"edged_measurements_total{{{_CASE}}}": 1,
            # Each was rejected for two reasons.
            f'edged_measurements_rejected_total{{{_CASE},reason="unsteady"}}': 0.9,
            f'edged_measurements_rejected_total{{{_CASE},reason="throttled"}}': 0.9,
        },
        fires_at=33,
        summary="Most measurements on xu3 are rejected.",
        description=(
            "52.38% of the measurements of the last 6 hours on xu3 were rejected; more than 50% is too "
            "much. Results grow old meanwhile."
        ),
    ),
    Trial(
        "EdgedMeasurementsRejected",
        # Three of three are most; two of two prove nothing.
        fires={
            f"edged_measurements_total{{{_CASE}}}": 0,
            f'edged_measurements_rejected_total{{{_CASE},reason="unsteady"}}': _every(10, of=90, until=30),
        },
        quiet={
            f"edged_measurements_total{{{_CASE}}}": 0,
            f'edged_measurements_rejected_total{{{_CASE},reason="unsteady"}}': _every(10, of=90, until=20),
        },
        fires_at=60,
        summary="Most measurements on xu3 are rejected.",
        description=(
            "100% of the measurements of the last 6 hours on xu3 were rejected; more than 50% is too "
            "much. Results grow old meanwhile."
        ),
        samples=90,
        disturbed_at=70,
    ),
    Trial(
        "EdgedWorkerCrashLooping",
        fires={"edged_worker_restarts_total": 0.12},
        quiet={"edged_worker_restarts_total": 0.09},
        fires_at=30,
        summary="Workers on xu3 fail again and again.",
        description="4 workers on xu3 had to be replaced in the last 30 minutes; more than 3 is too many.",
    ),
    Trial(
        "EdgedWorkerCrashLooping",
        # A measurement every ten minutes: there are never more than three in half an hour.
        fires={"edged_worker_restarts_total": _every(10, of=150), f"edged_measurements_total{{{_CASE}}}": 0},
        quiet={
            "edged_worker_restarts_total": _every(30, of=150),
            f"edged_measurements_total{{{_CASE}}}": 0.0667,
        },
        fires_at=45,
        summary="Workers on xu3 fail again and again.",
        description=(
            "100% of the latest measurements on xu3 failed with their worker; more than 50% is too much."
        ),
        samples=150,
        disturbed_at=75,
    ),
    Trial(
        "EdgedWorkerCrashLooping",
        # The same, every two hours.
        fires={"edged_worker_restarts_total": _every(12, of=150), f"edged_measurements_total{{{_CASE}}}": 0},
        quiet={
            "edged_worker_restarts_total": _every(24, of=150),
            f"edged_measurements_total{{{_CASE}}}": _every(12, of=150),
        },
        fires_at=49,
        summary="Workers on xu3 fail again and again.",
        description=(
            "100% of the latest measurements on xu3 failed with their worker; more than 50% is too much."
        ),
        samples=150,
        interval_min=10,
        disturbed_at=75,
    ),
    *(
        Trial(
            "EdgedModelFailing",
            # It is valid with every sample; then it fails every time, for as long as one of the windows.
            fires=_failing(every, window, valid=[min(sample, 5) for sample in range(2 * window + 20)]),
            # The same, but after two failures it is valid.
            quiet=_failing(every, window, valid=_every(2 * every + 1, of=2 * window + 20)),
            fires_at=5 + window + round(20 / interval_min + 0.3),
            labels=_CASE_LABELS,
            summary="No result of m on the big cluster of xu3.",
            description=(
                f"The worker of m on the big cluster failed {window // every} times, and no measurement of "
                "it was valid meanwhile; 3 times are too many."
            ),
            samples=2 * window + 20,
            interval_min=interval_min,
            disturbed_at=5 + window + 8,
        )
        for window, every, interval_min in ((12, 3, 5), (6, 1, 60), (24, 6, 60), (72, 18, 60), (168, 42, 60))
    ),
    Trial(
        "EdgedModelFailing",
        # Where most measurements fail with their worker it is no model's fault.
        fires=_failing(8, 24, valid=[0.0] * 68),
        quiet={**_failing(8, 24, valid=[0.0] * 68), "edged_worker_restarts_total": 2},
        fires_at=30,
        labels=_CASE_LABELS,
        summary="No result of m on the big cluster of xu3.",
        description=(
            "The worker of m on the big cluster failed 3 times, and no measurement of it was valid "
            "meanwhile; 3 times are too many."
        ),
        samples=68,
        interval_min=60,
        disturbed_at=35,
    ),
    Trial(
        "EdgedSensorLost",
        fires=_sensor(0),
        quiet=_sensor(1),
        fires_at=5,
        labels={"sensor": "ina231 0x40", "rail": "big"},
        summary="The sensor of the rail big of xu3 does not answer.",
        description=(
            "The sensor ina231 0x40 has not answered for 5 minutes or more: there is no power and no energy "
            "of the rail big."
        ),
    ),
    Trial(
        "EdgedSensorLost",
        # Nobody knows what it feeds.
        fires={f"edged_sensor_up{{{_CHIP}}}": 0},
        quiet={f"edged_sensor_up{{{_CHIP}}}": 1},
        fires_at=5,
        labels={"sensor": "ina231 0x40"},
        summary="The sensor ina231 0x40 of xu3 does not answer.",
        description=(
            "The sensor ina231 0x40 has not answered for 5 minutes or more: there is no power and no energy "
            "of its rails."
        ),
    ),
    Trial(
        "EdgedSensorDoubtful",
        fires={
            **_sensor(1),
            f"edged_measurements_total{{{_CASE}}}": 1,
            f'edged_measurements_rejected_total{{{_CASE},reason="sensor_lost"}}': 1.1,
            f'edged_measurements_rejected_total{{{_CASE},reason="unsteady"}}': 1,
        },
        quiet={
            **_sensor(1),
            f"edged_measurements_total{{{_CASE}}}": 1,
            f'edged_measurements_rejected_total{{{_CASE},reason="sensor_lost"}}': 0.9,
            f'edged_measurements_rejected_total{{{_CASE},reason="unsteady"}}': 0.9,
        },
        fires_at=18,
        labels={"cpu_cluster": "big"},
        summary="Measurements on the big cluster of xu3 cannot trust a sensor.",
        description=(
            "52.38% of the measurements of the last 6 hours on the big cluster were rejected because a power "
            "sensor that answers does not follow its rail; more than 50% is too much. edged results names "
            "the rail."
        ),
    ),
    Trial(
        "EdgedSensorDoubtful",
        # All are rejected; but one sensor does not even answer, and that says it all.
        fires={
            **_sensor(1),
            f"edged_measurements_total{{{_CASE}}}": 0,
            f'edged_measurements_rejected_total{{{_CASE},reason="sensor_lost"}}': 0.1,
        },
        quiet={
            **_sensor(0),
            f"edged_measurements_total{{{_CASE}}}": 0,
            f'edged_measurements_rejected_total{{{_CASE},reason="sensor_lost"}}': 0.1,
        },
        fires_at=45,
        labels={"cpu_cluster": "big"},
        summary="Measurements on the big cluster of xu3 cannot trust a sensor.",
        description=(
            "100% of the measurements of the last 6 hours on the big cluster were rejected because a power "
            "sensor that answers does not follow its rail; more than 50% is too much. edged results names "
            "the rail."
        ),
        samples=90,
        disturbed_at=60,
    ),
    Trial(
        "EdgedCoverageLow",
        fires={
            'edged_rail_observed_seconds_total{rail="big"}': 56,
            'edged_rail_unobserved_seconds_total{rail="big"}': 4,
        },
        quiet={
            'edged_rail_observed_seconds_total{rail="big"}': 58,
            'edged_rail_unobserved_seconds_total{rail="big"}': 2,
        },
        fires_at=11,
        labels={"rail": "big"},
        summary="Much of the time of the rail big of xu3 goes unobserved.",
        description=(
            "No reading covers 6.667% of the last 5 minutes of the rail big; more than 5% is too much. "
            "The energy of that time is unknown."
        ),
    ),
    Trial(
        "EdgedReloadFailed",
        fires={"edged_config_last_reload_successful": 0},
        quiet={"edged_config_last_reload_successful": 1},
        fires_at=5,
        summary="edged on xu3 did not take its new configuration.",
        description="The last reload of the configuration failed; edged goes on with the one before.",
        # It would not have started.
        over_after_restart=True,
    ),
    Trial(
        "EdgedClockStepped",
        fires={"edged_clock_steps_total": 1},
        quiet={"edged_clock_steps_total": 0},
        fires_at=1,
        severity="info",
        summary="The clock of xu3 was set.",
        description=(
            "The wall clock of xu3 jumped 2 times in the last hour. Durations and energies are not "
            "touched by that, time stamps of results are."
        ),
    ),
    Trial(
        "EdgedJournalFailing",
        fires={"edged_journal_failures_total": 1},
        quiet={"edged_journal_failures_total": 0},
        fires_at=6,
        summary="edged on xu3 cannot write its journal.",
        description=(
            "6 writes to the journal failed or measurements were lost in the last 15 minutes; after a "
            "restart counters may fall."
        ),
    ),
    Trial(
        "EdgedScrapeSlow",
        fires={
            'edged_collector_duration_seconds{collector="power"}': 0.3,
            'edged_collector_duration_seconds{collector="results"}': 0.3,
        },
        quiet={
            'edged_collector_duration_seconds{collector="power"}': 0.2,
            'edged_collector_duration_seconds{collector="results"}': 0.2,
        },
        fires_at=15,
        severity="info",
        summary="A scrape of xu3 takes long.",
        description=(
            "A scrape of xu3 takes edged 600ms; more than 500ms is too much, for it takes that time from "
            "the measurements."
        ),
    ),
)
