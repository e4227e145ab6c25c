import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from pv.methodology.interval import (
    Estimate,
    clustered,
    design_effect,
    incomplete_beta,
    paired,
    shared_out,
    t_quantile,
)

TOKENS = st.integers(1, 2000)
RATES = st.floats(0.0, 20.0)
CLUSTERS = st.lists(st.tuples(RATES, TOKENS), min_size=2, max_size=30).map(
    lambda rows: [(f"d{i}", rate * count, count) for i, (rate, count) in enumerate(rows)]
)


@pytest.mark.parametrize("degrees", [1, 1.5, 2, 3, 10, 29, 30, 120, 5000, 1e6])
@pytest.mark.parametrize("probability", [1e-6, 0.01, 0.05, 0.4, 0.6, 0.8, 0.95, 0.975, 0.999, 1 - 3.2e-5])
def test_a_quantile_off_the_reference(degrees: float, probability: float) -> None:
    """Agrees with SciPy's Student t to 1e-6."""
    assert stats.t.ppf(probability, degrees) == pytest.approx(t_quantile(probability, degrees), rel=1e-6)


@given(st.floats(0.01, 0.99), st.floats(1, 1e5))
@settings(max_examples=60)
def test_a_quantile_that_does_not_invert_the_distribution(probability: float, degrees: float) -> None:
    assert stats.t.cdf(t_quantile(probability, degrees), degrees) == pytest.approx(probability, abs=1e-7)


@given(st.floats(0.1, 500), st.floats(0.1, 500), st.floats(0, 1))
@settings(max_examples=60)
def test_an_incomplete_beta_off_the_reference(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) == pytest.approx(stats.beta.cdf(x, a, b), abs=1e-9)


@pytest.mark.parametrize(("probability", "degrees"), [(0.0, 3), (1.0, 3), (math.nan, 3), (0.9, 0.5)])
def test_a_quantile_where_there_is_none(probability: float, degrees: float) -> None:
    with pytest.raises(ValueError, match="must"):
        t_quantile(probability, degrees)


@given(CLUSTERS)
@settings(max_examples=60)
def test_an_interval_that_misses_its_mean(rows: list[tuple[str, float, int]]) -> None:
    """The mean is token-weighted, lies inside its bounds, and wider confidence gives a wider interval."""
    estimate = clustered(rows)
    assert estimate.mean == pytest.approx(sum(s for _, s, _ in rows) / sum(n for _, _, n in rows))
    assert estimate.lower(0.99) <= estimate.lower(0.95) <= estimate.mean
    assert estimate.mean <= estimate.upper(0.95) <= estimate.upper(0.99)


@given(CLUSTERS)
@settings(max_examples=40)
def test_a_mean_that_depends_on_the_order(rows: list[tuple[str, float, int]]) -> None:
    assert clustered(rows).mean == pytest.approx(clustered(rows[::-1]).mean, rel=1e-12, abs=1e-12)


def test_equal_clusters_give_the_textbook_standard_error() -> None:
    """With equal sizes the ratio estimator is the standard error of the mean of cluster means."""
    means = [2.0, 2.5, 3.0, 1.5]
    estimate = clustered([(str(i), 100 * mean, 100) for i, mean in enumerate(means)])
    assert estimate.standard_error == pytest.approx(stats.sem(means))
    interval = stats.t.interval(0.90, 3, loc=2.25, scale=stats.sem(means))
    assert (estimate.lower(0.95), estimate.upper(0.95)) == pytest.approx(interval)


def test_one_cluster_pretends_to_know_its_spread() -> None:
    estimate = clustered([("only", 200.0, 100)])
    assert (estimate.lower(0.95), estimate.mean, estimate.upper(0.95)) == (-math.inf, 2.0, math.inf)


def test_a_mean_over_no_tokens() -> None:
    with pytest.raises(ValueError, match="at least one token, got 0"):
        clustered([])


def test_coverage_of_the_one_sided_bound() -> None:
    """The 95 % upper bound covers the true mean in about 95 % of samples of clusters of unequal size."""
    import random

    random.seed(1)
    missed = 0
    for _ in range(600):
        rows = []
        for i in range(40):
            count = random.randint(50, 400)
            rows.append((str(i), count * random.gauss(2.0, 0.5), count))
        missed += clustered(rows).upper(0.95) < 2.0
    assert 0.03 < missed / 600 < 0.08


def test_pairing_removes_what_both_share() -> None:
    """Documents differ widely, the two systems by a constant: the paired interval shows only the constant."""
    first = [(str(i), 100.0 * i, 100) for i in range(1, 20)]
    second = [(name, total + 50.0, count) for name, total, count in first]
    difference = paired(first, second)
    assert difference is not None
    assert difference.mean == pytest.approx(-0.5)
    assert difference.standard_error == pytest.approx(0.0, abs=1e-12)


def test_pairing_of_documents_with_other_tokens() -> None:
    assert paired([("a", 1.0, 10)], [("a", 1.0, 11)]) is None
    assert paired([("a", 1.0, 10)], [("b", 1.0, 10)]) is None


@given(st.floats(1e-3, 10.0), st.integers(2, 200), st.floats(1e-2, 10.0), st.sampled_from([0.9, 0.95, 0.999]))
@example(8.0, 88, 0.01, 0.999)
@settings(max_examples=60)
def test_a_sample_that_is_called_enough_and_is_not(error: float, groups: int, margin: float, confidence: float) -> None:
    """The number of clusters is the smallest whose interval is shorter than the margin."""
    needed = Estimate(mean=2.0, standard_error=error, clusters=groups).needed(margin, confidence)

    def reach(number: int) -> float:
        return stats.t.ppf(confidence, number - 1) * error * math.sqrt(groups / number)

    if needed is None:
        assert reach(10**9) >= margin * (1 - 1e-6)
        return
    assert reach(needed) < margin * (1 + 1e-6)
    assert needed == 2 or reach(needed - 1) >= margin * (1 - 1e-6)


@pytest.mark.parametrize(("error", "margin"), [(0.1, 0.0), (0.1, -1.0), (0.1, math.nan), (math.inf, 1.0), (1.0, 1e-9)])
def test_a_sample_that_no_size_would_mend(error: float, margin: float) -> None:
    assert Estimate(mean=2.0, standard_error=error, clusters=40).needed(margin, 0.95) is None


def test_copies_that_count_as_observations() -> None:
    """Where all m tokens of a document are alike, each document is worth one token: the design effect is m."""
    values = [1.0, 2.0, 4.0, 5.0] * 50
    rows = [(str(at), 10 * value, 10) for at, value in enumerate(values)]
    deviation = math.sqrt(sum((value - 3.0) ** 2 for value in values) / len(values))
    assert design_effect(rows, deviation) == pytest.approx(10.0, rel=0.01)
    assert design_effect(rows, 0.0) is None
    assert design_effect(rows[:1], 1.0) is None


@given(st.floats(0.5, 0.999), st.integers(1, 100))
def test_many_looks_at_the_price_of_one(confidence: float, looks: int) -> None:
    """The chances of a false pass of all looks together add up to that of one."""
    assert looks * (1 - shared_out(confidence, looks)) == pytest.approx(1 - confidence)


def test_the_coverage_of_the_best_of_several_looks() -> None:
    """Of samples with four looks each, about 5 in 100 pass falsely by their best one, once the confidence is shared."""
    import random

    random.seed(2)
    naive = corrected = 0
    for _ in range(400):
        looks = [clustered([(str(at), 100 * random.gauss(2.0, 0.5), 100) for at in range(30)]) for _ in range(4)]
        naive += any(look.upper(0.95) < 2.0 for look in looks)
        corrected += any(look.upper(shared_out(0.95, 4)) < 2.0 for look in looks)
    assert naive / 400 > 0.12
    assert corrected / 400 < 0.08
