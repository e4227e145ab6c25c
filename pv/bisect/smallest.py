"""The smallest input on which two systems part at a given operation, shrunk by Hypothesis."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pv.bisect.compare import Gap

Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Smallest:
    """The smallest input that was found."""

    tokens: Tokens
    gap: Gap
    """Of the operation there."""

    tries: int
    """Inputs that both systems were given for it."""


def smallest(
    gap_on: Callable[[Tokens], Gap | None], given: Sequence[int], vocabulary: int, *, tries: int, seed: int
) -> Smallest | None:
    """The shortest input, and of those the one with the smallest ids, on which there is a gap; None if none is found.

    Args:
        gap_on: The operation's gap on an input where the systems part there first.
        given: The input on which they do; no longer one is tried, and its ids are tried beside others.
        vocabulary: One more than the largest id.
        tries: Inputs that are tried at most; when they are used up, the smallest so far stands.
        seed: Of the search; the same one gives the same result.
    """
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis import strategies as st
    from hypothesis.errors import NoSuchExample

    tried: dict[Tokens, Gap | None] = {}

    def parts(ids: list[int]) -> bool:
        key = tuple(ids)
        if key not in tried and len(tried) < tries:
            tried[key] = gap_on(key)
        return tried.get(key) is not None

    token = st.one_of(st.integers(0, vocabulary - 1), st.sampled_from(sorted(set(given))))
    lengths = st.integers(1, len(given))
    inputs = lengths.flatmap(lambda length: st.lists(token, min_size=length, max_size=length))
    how = settings(
        max_examples=tries,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        best = tuple(find(inputs, parts, settings=how, random=random.Random(seed)))  # noqa: S311  no secret
    except NoSuchExample:
        return None
    gap = tried[best]
    return None if gap is None else Smallest(tokens=best, gap=gap, tries=len(tried))
