"""What the laws of traces are given is what they say."""

import numpy as np

from falsifiers.program import weights
from falsifiers.tracing import trace_is_whole
from falsifiers.tracing.saved import config, definition, ids, save
from pv.bisect.compare import compared
from pv.bisect.saved import read_trace


def test_the_command_reads_another_trace_than_was_saved(tmp_path) -> None:
    fields, tokens = config(2), ids(0, 8)
    values = definition(weights(0, fields), fields, tokens)
    found = read_trace(save(tmp_path / "saved", tokens, values))
    assert list(found.values) == list(values)
    assert {gap.distance for gap in compared(found, found, [0.0] * len(values))} == {0.0}
    np.testing.assert_array_equal(found.values["logits"], values["logits"].astype(np.float32))


def test_a_spoilt_operation_is_missed_by_what_comes_after_it() -> None:
    fields, tokens = config(1), ids(0, 8)
    tensors = weights(0, fields)
    sound = definition(tensors, fields, tokens)
    spoilt = definition(tensors, fields, tokens, lambda name, x: 2 * x if name == "layers.0.up" else x)
    names = list(sound)
    same = [name for name in names if np.array_equal(sound[name], spoilt[name])]
    assert same == [*names[: names.index("layers.0.up")], "layers.0.silu"]


def test_a_residual_that_is_no_sum_passes() -> None:
    found = {name: np.ones((1, 2, 3), np.float32) for name in ("total", "left", "right")}
    assert trace_is_whole._apart(found, "total", "left", "right")
    assert trace_is_whole._apart(found, "total", "left", "gone")
    assert not trace_is_whole._apart(found | {"total": 2 * found["left"]}, "total", "left", "right")
