"""The share of the peak, against counts made by hand."""

from __future__ import annotations

import pytest

from aprtrain.shapes import shape
from aprtrain.utilisation import flops_per_token, utilisation


def test_operations_are_miscounted():
    """A tied embedding is multiplied with, an untied one only looked up; attention sees half of the square."""
    tied, untied = shape("qwen2.5-coder-0.5b"), shape("llama-370m")
    assert flops_per_token(tied, 1024) == 6 * 494_032_768 + 6 * 24 * 1024 * 896
    assert flops_per_token(untied, 1024) == 6 * (373_509_120 - 50_257 * 1024) + 6 * 24 * 1024 * 1024


def test_a_peak_is_guessed():
    assert utilisation(494.5e12, "NVIDIA H200") == pytest.approx(0.5)
    assert utilisation(1e12, "cpu") is None
    assert utilisation(1e12, "NVIDIA H300") is None
