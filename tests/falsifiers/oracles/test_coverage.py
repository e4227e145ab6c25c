import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from falsifiers.oracles.coverage import unread


@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.sets(st.integers(0, 15), min_size=1), st.integers(1, 3))
def test_a_target_is_read_where_a_window_holds_it(seed, context, numbers, rows):
    """Ids are drawn without repetition, so that every window stands in one place."""
    stream = np.random.default_rng(seed).permutation(500)[: 16 * context + 3]
    starts = [number * context for number in sorted(numbers)]
    windows = [stream[start : start + context + 1] for start in starts]
    batches = [np.stack(windows[at : at + rows]) for at in range(0, len(windows), rows)]
    read = {start + place for start in starts for place in range(context)}
    assert set(np.flatnonzero(~unread(stream, batches, context))) == read


def test_a_window_from_elsewhere_reads_nothing():
    assert unread(np.arange(20), [np.arange(50, 55)[None]], 4).all()
    assert unread(np.arange(20), [np.arange(5)[None], np.arange(50, 55)[None]], 4).sum() == 15
