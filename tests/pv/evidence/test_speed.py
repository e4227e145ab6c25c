"""What the clocks of a run and the samples of its driver are made into."""

from collections.abc import Callable, Sequence
from math import prod
from pathlib import Path
from typing import Any

import pytest

from pv.evidence import Bundle, Quantity, measure, open_bundle, quantities
from pv.evidence.cards import card_of

MakeBundle = Callable[..., Path]
RESIDENT, STEP, UTILISATION = "device/resident_share", "run/step_time", "run/model_flops_utilisation"
MONITORS = "run/monitor_share"
HEADER = "time,pid,device,memory_mib,utilisation_pct\n"
MODEL = {
    "vocab_size": 151_936,
    "hidden_size": 896,
    "num_layers": 24,
    "num_heads": 14,
    "num_kv_heads": 2,
    "head_dim": 64,
    "intermediate_size": 4864,
}
RUN = {
    "device": {"platform": "gpu", "kind": "NVIDIA H200", "count": 1, "pid": 4242},
    "config": {"model": MODEL, "train": {"batch_size": 16, "seq_length": 1024}},
    "segments": [{"from_step": 0, "to_step": 60, "pid": 4242}],
}
SUMMARY = {
    "started_at": "2026-05-20T10:00:00+00:00",
    "finished_at": "2026-05-20T10:01:40+00:00",
    "compile_seconds": 20.0,
    "wall_seconds": 60.0,
}
"""The loop was under way from 10:00:40 to 10:01:20 at the least."""
TENSORS = {"model": {"embed": {"shape": [1024, 1024], "dtype": "float32", "digest": "x"}}}
STATE_MIB = 12


@pytest.fixture
def taken(make_bundle: MakeBundle) -> Callable[..., Quantity | None]:
    def take(series: str, **spoilt: Any) -> Quantity | None:
        whole: dict[str, Any] = {"run": RUN, "summary": SUMMARY, "tensors": TENSORS, **spoilt}
        bundle = open_bundle(make_bundle(**whole)).bundle
        assert isinstance(bundle, Bundle)
        return measure(bundle, series, known=quantities(bundle))

    return take


def samples(*held: Sequence[tuple[int, object]], first: int = 45, device: str = "gpu:46ffb4b4") -> str:
    """A sample a second from 10:00:`first` on, each with the host's row and those of (process, MiB) on a GPU."""
    rows = []
    for number, processes in enumerate(held):
        minute, second = divmod(first + number, 60)
        now = f"2026-05-20T10:{minute:02}:{second:02}.500+00:00"
        rows += [f"{now},4242,host,900.0,101", *(f"{now},{pid},{device},{mib},97" for pid, mib in processes)]
    return HEADER + "".join(f"{row}\n" for row in rows)


@pytest.mark.parametrize(
    ("device", "share"),
    [
        (samples([(4242, STATE_MIB)], [(4242, 8000)]), 1.0),
        (samples([(4242, STATE_MIB - 1)], [(4242, 8000)]), 0.5),
        (samples([(1461, 8746)], [(1461, 8746)]), 0.0),
        (samples([], []), 0.0),
        (samples([(4242, 6)], device="gpu:a") + samples([(4242, 6)], device="gpu:b").removeprefix(HEADER), 1.0),
        (samples([], [(4242, 8000)], first=39), 1.0),
        (samples([(4242, 8000)], [], first=79), 1.0),
    ],
    ids=["held", "too-little", "of-another", "nothing", "on-two-cards", "before-the-loop", "after-the-loop"],
)
def test_a_sample_counts_where_the_loop_itself_holds_its_state(
    taken: Callable[..., Quantity], device: str, share: float
) -> None:
    found = taken(RESIDENT, device=device)
    assert (found.value, found.unit) == (share, "ratio")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"device": HEADER},
        {"device": samples([(4242, 8000)], first=0)},
        {"device": samples([(4242, "[N/A]")])},
        {"device": HEADER + "soon,4242,gpu:46ffb4b4,8000,9\n"},
        {"run": {**RUN, "device": {"platform": "cpu", "kind": "cpu", "count": 1, "pid": 4242}}},
        {"run": {**RUN, "segments": [*RUN["segments"], {"from_step": 60, "to_step": 90, "pid": 4343}]}},
        {"summary": {**SUMMARY, "wall_seconds": "long"}},
        {"tensors": {"model": {}}},
    ],
    ids=["no-samples", "none-inside", "driver-does-not-say", "no-time", "cpu", "resumed", "no-clock", "no-tensors"],
)
def test_where_nothing_is_known_no_share_is_made_up(
    taken: Callable[..., Quantity | None], spoilt: dict[str, Any]
) -> None:
    assert taken(RESIDENT, **{"device": samples([(4242, 8000)]), **spoilt}) is None


def paced(slow: dict[int, float]) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    return lambda rows: [{**row, "wall_ms": slow.get(row["step"], 107.0)} for row in rows]


def test_the_first_steps_and_a_slow_one_do_not_move_the_step_time(taken: Callable[..., Quantity]) -> None:
    found = taken(STEP, metrics=paced(dict.fromkeys((*range(20), 33, 59), 90000.0)))
    assert (found.value, found.unit) == (0.107, "s")
    assert found.source == "raw/metrics.jsonl: median of 40 steps, the first 20 left out"


def test_the_monitors_share_is_of_all_steps(taken: Callable[..., Quantity]) -> None:
    summary = {**SUMMARY, "monitor_seconds": 0.06}
    found = taken(MONITORS, metrics=paced({0: 1000.0 + 107.0}), summary=summary)
    assert found.value == pytest.approx(0.06 / (60 * 0.107 + 1))
    assert found.source == "raw/summary.json, raw/metrics.jsonl: 0.060 s in 60 steps"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"summary": {**SUMMARY, "monitor_seconds": None}},
        {"summary": {**SUMMARY, "monitor_seconds": -1.0}},
        {"metrics": lambda rows: [{**row, "wall_ms": None} for row in rows]},
        {"run": {**RUN, "segments": RUN["segments"] * 2}},
    ],
    ids=["not-recorded", "negative", "steps-without-a-time", "taken-up-again"],
)
def test_no_share_of_monitors_is_made_up(taken: Callable[..., Quantity | None], spoilt: dict[str, Any]) -> None:
    whole = {"metrics": paced({}), "summary": {**SUMMARY, "monitor_seconds": 0.06}}
    assert taken(MONITORS, **whole) is not None
    assert taken(MONITORS, **{**whole, **spoilt}) is None


@pytest.mark.parametrize(
    "metrics",
    [lambda rows: rows[:20], lambda rows: [*rows[:30], {**rows[30], "wall_ms": None}, *rows[31:]]],
    ids=["warm-up-alone", "a-step-without-a-time"],
)
def test_no_step_time_of_half_a_record(taken: Callable[..., Quantity | None], metrics: Any) -> None:
    assert taken(STEP, metrics=metrics) is None
    assert taken(UTILISATION, metrics=metrics) is None


def test_the_utilisation_is_that_of_the_formula(taken: Callable[..., Quantity]) -> None:
    """150,519 tokens/s of 16 x 1024 on an H200, whose utilisation the trainer itself gives as 0.471."""
    paces = lambda rows: [{**row, "wall_ms": 108.85} for row in rows]  # noqa: E731
    matrices = 24 * (896 * (14 + 2 + 2 + 14) * 64 + 3 * 896 * 4864) + 151_936 * 896
    operations = 6 * matrices + 6 * 24 * 14 * 64 * 1024
    found = taken(UTILISATION, metrics=paces)
    assert found.value == pytest.approx(16 * 1024 / 0.10885 * operations / 989e12, rel=1e-12)
    assert found.value == pytest.approx(0.471, abs=5e-4)


def test_two_cards_have_twice_the_peak(taken: Callable[..., Quantity]) -> None:
    one = taken(UTILISATION, metrics=paced({}))
    two = taken(UTILISATION, metrics=paced({}), run={**RUN, "device": {**RUN["device"], "count": 2}})  # type: ignore[dict-item]
    assert two.value == pytest.approx(one.value / 2)


@pytest.mark.parametrize(
    "run",
    [
        {"device": {"platform": "cpu", "kind": "cpu"}},
        {"device": {"platform": "gpu", "kind": "NVIDIA B9000"}},
        {"config": {"model": {}, "train": {"batch_size": 16, "seq_length": 1024}}},
        {"config": {"model": MODEL, "train": {"batch_size": "16", "seq_length": None}}},
    ],
    ids=["cpu", "unknown-card", "no-shape", "no-batch"],
)
def test_no_utilisation_of_what_is_not_known(taken: Callable[..., Quantity | None], run: dict[str, Any]) -> None:
    assert taken(UTILISATION, metrics=paced({}), run={**RUN, **run}) is None


@pytest.mark.parametrize(
    ("kind", "half"),
    [
        ("NVIDIA H200", 989e12),
        ("NVIDIA A100-SXM4-80GB", 312e12),
        ("Tesla V100-SXM2-16GB", 125e12),
        ("NVIDIA L40S", 362e12),
    ],
)
def test_a_card_is_found_in_the_name_that_its_driver_gives_it(kind: str, half: float) -> None:
    card = card_of(kind)
    assert card is not None
    assert card.half == half
    assert card.fastest >= card.half


def test_a_card_of_no_known_name() -> None:
    assert card_of("cpu") is None


def test_every_entry_of_the_state_counts_three_times_four_bytes() -> None:
    assert prod((1024, 1024)) * 3 * 4 == STATE_MIB * 2**20
