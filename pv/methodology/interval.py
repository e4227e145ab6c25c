"""Clustered means with one-sided bounds, in pure Python.

Tokens of one document depend on each other, so the document is the sampled unit: thousands of tokens of ten
files are ten observations. A ratio estimator with linearised variance carries that into the standard error.

Source: Cochran, Sampling Techniques, 3rd ed., section 6.3 (ratio estimator); Miller 2024, arXiv:2411.00640
(clustered standard errors); Numerical Recipes, 3rd ed., section 6.4 (incomplete beta).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

Cluster = tuple[str, float, int]
"""(cluster id, sum of nats, tokens)."""


MOST_CLUSTERS = 10**9
"""More than anyone will score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A clustered mean with its standard error."""

    mean: float
    standard_error: float
    """Infinite with fewer than two clusters: one document says nothing about another."""

    clusters: int

    def lower(self, confidence: float) -> float:
        """One-sided lower bound."""
        return self.mean - self._reach(confidence)

    def upper(self, confidence: float) -> float:
        """One-sided upper bound."""
        return self.mean + self._reach(confidence)

    def needed(self, margin: float, confidence: float) -> int | None:
        """Return how many clusters like these give a one-sided interval shorter than `margin`; None where none do.

        The smallest G' >= 2 with t_(G'-1) SE sqrt(G / G') < margin. It assumes that further clusters are drawn as
        these were and spread alike, and that the mean stays where it is: as it moves with every draw, G' clusters
        suffice about as often as not, and (t + 0.84)^2 / t^2 as many in four cases of five.

        Source: N = (z sigma / delta)^2 DEFF with SE^2 = sigma^2 DEFF / N put in; Miller 2024, arXiv:2411.00640, on
        the power of evaluations.
        """
        if not margin > 0 or not math.isfinite(self.standard_error):
            return None

        def reach(groups: int) -> float:
            return t_quantile(confidence, groups - 1) * self.standard_error * math.sqrt(self.clusters / groups)

        if reach(MOST_CLUSTERS) >= margin:
            return None
        low, high = 1, 2
        while reach(high) >= margin:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if reach(middle) < margin else (middle, high)
        return high

    def _reach(self, confidence: float) -> float:
        if self.clusters < 2:
            return math.inf
        return t_quantile(confidence, self.clusters - 1) * self.standard_error


def clustered(clusters: Sequence[Cluster]) -> Estimate:
    """Return the token-weighted mean with its clustered standard error.

    SE = sqrt(G / (G - 1) * sum_c (S_c - L n_c)^2) / N, with G clusters, N tokens and L = sum_c S_c / N.

    Raises:
        ValueError: There are no tokens.

    """
    tokens = sum(count for _, _, count in clusters)
    if tokens <= 0:
        raise ValueError(f"a mean needs at least one token, got {tokens} in {len(clusters)} clusters")
    mean = math.fsum(total for _, total, _ in clusters) / tokens
    groups = len(clusters)
    if groups < 2:
        return Estimate(mean=mean, standard_error=math.inf, clusters=groups)
    squares = math.fsum((total - mean * count) ** 2 for _, total, count in clusters)
    error = math.sqrt(groups / (groups - 1) * squares) / tokens
    return Estimate(mean=mean, standard_error=error, clusters=groups)


def paired(first: Sequence[Cluster], second: Sequence[Cluster]) -> Estimate | None:
    """Return the clustered mean of `first` minus `second` over the clusters that both hold with equal tokens.

    None where they share no cluster: nothing can be said about a difference.
    """
    others: Mapping[str, tuple[float, int]] = {name: (total, count) for name, total, count in second}
    shared = [
        (name, total - others[name][0], count)
        for name, total, count in first
        if name in others and others[name][1] == count
    ]
    return clustered(shared) if sum(count for _, _, count in shared) > 0 else None


def design_effect(clusters: Sequence[Cluster], deviation: float) -> float | None:
    """Return by how much dependence inside clusters inflates the variance of their mean: SE^2 N / deviation^2.

    N tokens are worth N / DEFF independent ones. None where nothing varies, or there are fewer than two clusters.

    Args:
        clusters: The sample.
        deviation: Standard deviation of the loss of a single token, in nats.

    Source: Kish 1965, Survey Sampling, section 8.2.
    """
    error = clustered(clusters).standard_error
    if not deviation > 0 or not math.isfinite(error):
        return None
    return error**2 * sum(count for _, _, count in clusters) / deviation**2


def shared_out(confidence: float, looks: int) -> float:
    """Return the confidence of each of several looks that keeps the chance of any false pass below one look's.

    Source: Bonferroni's inequality: alpha / K for each of K looks.
    """
    return 1.0 - (1.0 - confidence) / max(1, looks)


@cache
def t_quantile(probability: float, degrees: float) -> float:
    """Return the value below which a Student t variable with `degrees` >= 1 lies with `probability`.

    Accurate to 1e-8 for probabilities from 1e-6 to 1 - 1e-6.

    Raises:
        ValueError: The probability is not inside (0, 1), or there is less than one degree of freedom.

    """
    if not 0.0 < probability < 1.0:
        raise ValueError(f"probability={probability} must lie inside (0, 1)")
    if degrees < 1.0:
        raise ValueError(f"degrees={degrees} must be at least 1")
    if probability == 0.5:
        return 0.0
    if probability < 0.5:
        return -t_quantile(1.0 - probability, degrees)
    tail = 1.0 - probability
    low, high = 0.0, 1.0
    while _upper_tail(high, degrees) > tail:
        low, high = high, 2.0 * high
    while high - low > 1e-12 * high:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _upper_tail(middle, degrees) > tail else (low, middle)
    return 0.5 * (low + high)


def _upper_tail(value: float, degrees: float) -> float:
    """P(T > value) for value >= 0, from that side of the incomplete beta function that does not cancel."""
    square = value * value
    if square < degrees:
        return 0.5 - 0.5 * incomplete_beta(0.5, 0.5 * degrees, square / (degrees + square))
    return 0.5 * incomplete_beta(0.5 * degrees, 0.5, degrees / (degrees + square))


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _continued_fraction(a, b, x) / a
    return 1.0 - front * _continued_fraction(b, a, 1.0 - x) / b


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Lentz's method for the continued fraction of the incomplete beta function."""
    tiny = 1e-300
    c, d = 1.0, _inverse(1.0 - (a + b) * x / (a + 1.0), tiny)
    fraction = d
    for m in range(1, 1000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for numerator in (even, odd):
            d = _inverse(1.0 + numerator * d, tiny)
            c = 1.0 + numerator / c
            c = c if abs(c) > tiny else tiny
            fraction *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return fraction


def _inverse(value: float, tiny: float) -> float:
    return 1.0 / (value if abs(value) > tiny else tiny)
