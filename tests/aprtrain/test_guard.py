"""Healthy runs go on, sick ones stop."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aprtrain import guard


def first_abort(losses, vocab_size):
    for done in range(1, len(losses) + 1):
        found = guard.divergence(losses[:done], 1.0, vocab_size)
        if found is not None:
            return done - 1, found
    return None


@given(vocab=st.integers(2, 500_000), seed=st.integers(0, 99))
def test_a_healthy_run_from_scratch_is_aborted(vocab, seed):
    noise = np.random.default_rng(seed).normal(0, 0.02, 80)
    uniform = math.log(vocab)
    losses = [uniform * (0.5 + 0.5 * math.exp(-step / 40)) * (1 + noise[step]) for step in range(80)]
    assert first_abort(losses, vocab) is None


@given(start=st.floats(0.001, 40), end=st.floats(0.0001, 0.5))
def test_a_corpus_of_one_token_is_aborted(start, end):
    losses = [end + (start - end) * math.exp(-step / 5) for step in range(100)]
    assert first_abort(losses, 512) is None


def test_one_hard_batch_aborts():
    losses = [5.0] * 40
    losses[30] = 60.0
    assert first_abort(losses, 512) is None


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_loss_or_gradient_that_is_not_finite_goes_on(bad):
    assert first_abort([5.0, bad], 512)[0] == 1
    assert guard.divergence([5.0], bad, 512) is not None


def test_an_explosion_goes_on():
    step, why = first_abort([5.0] * 20 + [30.0] * 20, 512)
    assert step < 26
    assert "median" in why


def test_a_relapse_goes_on():
    step, why = first_abort([*np.linspace(6.2, 3.0, 60), *[6.8] * 40], 512)
    assert 60 < step < 90
    assert "back above" in why


def test_the_thresholds_do_not_scale_with_the_vocabulary():
    assert first_abort([math.log(50_257) - 0.5] * 200, 50_257) is None
    assert first_abort([2.0] + [math.log(50_257) - 0.5] * 200, 300) is not None
