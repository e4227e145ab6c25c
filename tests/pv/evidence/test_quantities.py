import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.evidence import Bundle, Quantity, detail, open_bundle, quantities
from pv.evidence.quantities.data import deviation_nats, entropy_nats

MakeBundle = Callable[..., Path]
Rows = list[dict[str, Any]]
histograms = st.dictionaries(st.integers(0, 10**6), st.integers(1, 10**6), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def honest(make_bundle: MakeBundle) -> Bundle:
    return opened(make_bundle())


def opened(path: Path) -> Bundle:
    bundle = open_bundle(path).bundle
    assert bundle is not None
    return bundle


def numbers(bundle: Bundle) -> dict[str, float]:
    return {name: quantity.value for name, quantity in quantities(bundle).items()}


@given(histograms)
def test_entropy_lies_between_zero_and_the_log_of_the_distinct(histogram: dict[int, int]) -> None:
    entropy = entropy_nats(histogram)
    assert 0 <= entropy <= math.log(len(histogram)) + 1e-9


@given(histograms)
def test_a_spread_of_single_tokens_off_its_definition(histogram: dict[int, int]) -> None:
    """The entropy is the mean of -ln p over tokens, and this its standard deviation."""
    tokens = sum(histogram.values())
    mean = sum(n * math.log(tokens / n) for n in histogram.values()) / tokens
    square = sum(n * math.log(tokens / n) ** 2 for n in histogram.values()) / tokens
    assert deviation_nats(histogram) ** 2 == pytest.approx(square - mean**2, rel=1e-6, abs=1e-6)


@given(st.integers(1, 500), st.integers(1, 1000))
def test_entropy_of_equal_shares_is_the_log_of_their_number(distinct: int, times: int) -> None:
    assert entropy_nats(dict.fromkeys(range(distinct), times)) == pytest.approx(math.log(distinct), abs=1e-9)


@given(histograms, st.integers(2, 9))
def test_entropy_knows_shares_only(histogram: dict[int, int], factor: int) -> None:
    renamed = {token + 7: occurrences * factor for token, occurrences in histogram.items()}
    assert entropy_nats(renamed) == pytest.approx(entropy_nats(histogram), abs=1e-9)


@given(histograms, st.data())
def test_no_other_distribution_codes_the_tokens_shorter(histogram: dict[int, int], data: st.DataObject) -> None:
    """Gibbs' inequality: the entropy is the least loss of any predictor that ignores the context."""
    weights = {token: data.draw(st.integers(1, 1000)) for token in histogram}
    total = sum(weights.values())
    tokens = sum(histogram.values())
    loss = math.fsum(n * math.log(total / weights[token]) for token, n in histogram.items()) / tokens
    assert loss >= entropy_nats(histogram) - 1e-9


def test_the_corpus_of_the_story_has_less_entropy_than_its_loss() -> None:
    """32,830 of 32,832 tokens unknown: the loss of 0.0008 that was believed loses to a constant."""
    assert entropy_nats({0: 32_830, 1: 1, 2: 1}) == pytest.approx(0.000694, abs=5e-5)
    assert entropy_nats({0: 32_830, 1: 2}) == pytest.approx(0.000652, abs=1e-6)


def test_losses_of_the_honest_bundle_are_ordered(honest: Bundle) -> None:
    found = numbers(honest)
    order = ["loss/final/system/val-b", "untouched_init_loss", "bigram_loss", "unigram_entropy"]
    values = [found[name] for name in order]
    assert values == sorted(values)
    assert values[-1] < math.log(found["vocab_size"])
    assert found["loss/zero/system/val-b"] == pytest.approx(math.log(512), abs=1e-12)
    assert found["unigram_entropy_bits"] == pytest.approx(found["unigram_entropy"] / math.log(2))
    assert found["train_loss_first"] == found["loss/step0-init/oracle/step-0"]
    assert found["reported_val_b"] == found["loss/final/system/val-b"]


def test_a_mean_loss_is_that_of_its_clusters(honest: Bundle) -> None:
    for quantity in quantities(honest).values():
        if quantity.clusters:
            nats = math.fsum(nats for _, nats, _ in quantity.clusters)
            assert quantity.value == pytest.approx(nats / sum(n for _, _, n in quantity.clusters), abs=1e-9)
            assert quantity.unit == "nats/token"


def test_baselines_are_paired_with_the_final_loss(honest: Bundle) -> None:
    found = quantities(honest)
    documents = [document for document, _, _ in found["loss/final/oracle/val-b"].clusters]
    for name in ("unigram_entropy", "bigram_loss", "untouched_init_loss"):
        assert [document for document, _, _ in found[name].clusters] == documents
    assert [document for document, _, _ in found["scratch_step0_loss"].clusters] == [f"seq-{n}" for n in range(8)]


def test_the_table_must_agree_with_the_histogram(make_bundle: MakeBundle) -> None:
    def deflate(rows: Rows) -> Rows:
        return [{**row, "sum_nats": row["sum_nats"] * (0.9 if row["reading"] == "unigram" else 1)} for row in rows]

    found = quantities(opened(make_bundle(evals=deflate)))
    assert found["unigram_entropy"].clusters == ()
    assert found["unigram_disagreement"].value == pytest.approx(0.1 * found["unigram_entropy"].value)


@pytest.mark.parametrize(
    ("spoilt", "changed"),
    [
        (
            {"data": {"tokenizer": {"digest": "x", "vocab_size": 512, "unk_id": 0}}},
            {"tokenizer_mismatches": 3},
        ),
        ({"data": {"round_trip": {"documents": 40, "equal": 30}}}, {"round_trip_share": 0.75}),
        ({"data": {"batch": {"windows": 8, "found": 2}}}, {"batch_found_share": 0.25}),
        (
            {"data": {"overlap": {"val_b": 0.5, "calibration": 0.0, "shared_documents": 7}}},
            {"shared_documents": 7},
        ),
        (
            {"data": {"scored": {"histogram": {"0": "99", "5": 1}}}},
            {"scored_top_share": 0.99, "scored_unk_share": 0.99},
        ),
        (
            {"data": {"tokenizer": {"digest": "x", "vocab_size": 512, "unk_id": None}}},
            {"tokenizer_mismatches": 3, "scored_unk_share": 0, "trained_unk_share": 0},
        ),
        ({"run": {"exit_code": -9}}, {"exit_status": -9}),
        ({"run": {"executed_steps": 62}}, {"executed_steps": 60, "step_gaps": 2}),
        ({"metrics": lambda rows: rows[:50]}, {"executed_steps": 50, "step_gaps": 10}),
        ({"metrics": lambda rows: [{**row, "loss": "NaN"} for row in rows]}, {"nonfinite_losses": 60}),
        ({"log": "CUDA_ERROR_UNKNOWN\n" * 3}, {"device_errors": 3}),
        (
            {"run": {"config": {"model": {"vocab_size": 600}}}},
            {"vocab_size": 600, "tokenizer_vocab_size": 512},
        ),
        ({"reported": lambda rows: [*rows, rows[-1]]}, {"reported_val_b_looks": 2}),
    ],
)
def test_a_spoilt_part_shows_in_its_quantity(
    make_bundle: MakeBundle, spoilt: dict[str, Any], changed: dict[str, float]
) -> None:
    found = numbers(opened(make_bundle(**spoilt)))
    assert {name: found[name] for name in changed} == pytest.approx(changed)


def drop(part: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: tensor for name, tensor in part.items() if name not in names}


def test_biases_dropped_and_head_untied_do_not_cancel(make_bundle: MakeBundle) -> None:
    """72 tensors missing and one too many are 73 differences, never 71."""

    def spoil(tensors: dict[str, Any]) -> dict[str, Any]:
        head = {"shape": [512, 64], "dtype": "float32", "digest": "h"}
        final = drop(tensors["final"], "layers.0.bq", "layers.1.bq") | {"head": head}
        return {**tensors, "final": final}

    bundle = opened(make_bundle(tensors=spoil))
    found = numbers(bundle)
    for name in ("tensors_expected_vs_final", "tensors_init_vs_final", "final_vs_evaluated_mismatches"):
        assert found[name] == 3
        assert detail(bundle, name).count(";") == 2
    said = detail(bundle, "tensors_expected_vs_final")
    assert said == "head: not expected; layers.0.bq: missing; layers.1.bq: missing"


@pytest.mark.parametrize(
    ("part", "change", "name", "says"),
    [
        ("model", {"digest": "other"}, "init_vs_loaded_mismatches", "digest other instead of"),
        ("evaluated", {"digest": "other"}, "final_vs_evaluated_mismatches", "digest"),
        ("evaluated", {"shape": [64, 1]}, "final_vs_evaluated_mismatches", "shape [64, 1] instead of [64]"),
        ("reported_final", {"digest": "other"}, "final_vs_reported_mismatches", "digest"),
        ("expected", {"dtype": "bfloat16"}, "tensors_expected_vs_final", "dtype float32 instead of bfloat16"),
    ],
)
def test_one_differing_tensor_is_named(
    make_bundle: MakeBundle, part: str, change: dict[str, Any], name: str, says: str
) -> None:
    bundle = opened(
        make_bundle(tensors=lambda whole: {**whole, part: {**whole[part], "norm": {**whole[part]["norm"], **change}}})
    )
    assert numbers(bundle)[name] == 1
    assert detail(bundle, name).startswith("norm: ")
    assert says in detail(bundle, name)


def test_tensors_that_never_moved_are_named(make_bundle: MakeBundle) -> None:
    bundle = opened(make_bundle(tensors=lambda whole: {**whole, "final": whole["model"]}))
    assert numbers(bundle)["unmoved_tensors"] == 26
    assert "layers.0.wq" in detail(bundle, "unmoved_tensors")


def test_an_empty_checkpoint_lacks_everything(make_bundle: MakeBundle) -> None:
    found = numbers(opened(make_bundle(tensors={"final": {}})))
    assert found["tensors_expected_vs_final"] == found["final_vs_evaluated_mismatches"] == 26


@pytest.mark.parametrize(
    ("spoilt", "missing"),
    [
        (
            {"data": lambda _: {}},
            ["unigram_entropy", "scored_tokens", "round_trip_share", "tokenizer_mismatches"],
        ),
        ({"data": {"scored": {"histogram": {"x": 1}}}}, ["unigram_entropy", "scored_top_share"]),
        ({"data": {"scored": {"histogram": {"1": 1, "01": 1}}}}, ["unigram_entropy"]),
        ({"data": {"scored": {"histogram": {"1": -1}}}}, ["unigram_entropy"]),
        ({"data": {"overlap": {"val_b": 1.5}}}, ["overlap_val_b", "overlap_calibration"]),
        ({"data": {"round_trip": {"documents": 0, "equal": 0}}}, ["round_trip_share"]),
        ({"data": {"tokenizer": {"digest": "x"}}}, ["scored_unk_share", "trained_unk_share"]),
        ({"tensors": {"init": None}}, ["tensors_init_vs_final", "init_vs_loaded_mismatches"]),
        ({"tensors": {"evaluated": {}}}, ["final_vs_evaluated_mismatches"]),
        ({"tensors": {"final": {"a": 3}}}, ["tensors_expected_vs_final", "unmoved_tensors"]),
        ({"metrics": lambda rows: []}, ["executed_steps", "train_loss_first", "step_gaps"]),
        ({"metrics": lambda rows: rows[1:]}, ["train_loss_first"]),
        ({"metrics": lambda rows: [*rows, rows[3]]}, ["train_loss_first", "train_loss_last"]),
        (
            {"run": {"exit_code": None, "wall_seconds": -1, "planned_steps": None}},
            ["exit_status", "wall_seconds"],
        ),
        ({"log": ""}, ["device_errors"]),
        ({"reported": lambda rows: rows[:1]}, ["reported_val_b"]),
        ({"evals": lambda rows: [*rows, {**rows[0], "tokens": 0}]}, ["loss/final/system/val-b"]),
        ({"evals": lambda rows: [*rows, rows[0]]}, ["loss/final/system/val-b"]),
        ({"evals": lambda rows: [row for row in rows if row["reading"] != "init"]}, ["untouched_init_loss"]),
        ({"evals": lambda rows: [*rows, {**rows[0], "evaluator": "me"}]}, ["loss/final/me/val-b"]),
    ],
)
def test_what_is_missing_or_malformed_is_left_out(
    make_bundle: MakeBundle, spoilt: dict[str, Any], missing: list[str]
) -> None:
    found = numbers(opened(make_bundle(**spoilt)))
    assert not found.keys() & set(missing)


def test_a_diverged_loss_is_a_reading(make_bundle: MakeBundle) -> None:
    def diverge(rows: Rows) -> Rows:
        return [{**rows[0], "sum_nats": "NaN"}, *rows[1:]]

    assert math.isnan(numbers(opened(make_bundle(evals=diverge)))["loss/final/system/val-b"])


def test_the_worst_of_a_law_is_over_all_claims(make_bundle: MakeBundle) -> None:
    def rows(*worst: object) -> Rows:
        return [{"law": "causality", "outcome": "survived", "unit": "1", "worst": value} for value in worst]

    def found(**attacks: Rows) -> dict[str, float]:
        return numbers(opened(make_bundle(attacks=lambda _: attacks)))

    assert found(a=rows(1e-6), b=rows(2e-6, -1.0))["attack/causality"] == 2e-6
    assert math.isnan(found(a=rows(1e-6), b=rows("NaN"))["attack/causality"])
    assert "attack/causality" not in found(a=rows("-Infinity"))
    assert "attack/causality" not in found(a=rows(1.0), b=[{**rows(1.0)[0], "unit": "other"}])


def test_details_say_what_was_counted(make_bundle: MakeBundle, honest: Bundle) -> None:
    bundle = opened(
        make_bundle(
            log="CUDA_ERROR_UNKNOWN here\n",
            data=lambda data: {
                **data,
                "tokenizer_digests": {"shards": "a", "checkpoint": None, "init": None},
            },
        )
    )
    assert detail(bundle, "device_errors") == "CUDA_ERROR_UNKNOWN here"
    assert detail(bundle, "tokenizer_mismatches").startswith("shards: a instead of ")
    assert numbers(bundle)["tokenizer_mismatches"] == 2
    assert detail(honest, "scored_top_share").startswith("token 1: ")
    assert detail(honest, "wall_seconds") == detail(honest, "tensors_expected_vs_final") == ""


def test_every_quantity_is_named_and_sourced(honest: Bundle) -> None:
    for name, quantity in quantities(honest).items():
        assert isinstance(quantity, Quantity)
        assert quantity.name == name
        assert quantity.source.startswith("raw/")
