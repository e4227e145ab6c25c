"""A saved trace is what both of its files say, or it is refused."""

import json

import numpy as np
import pytest

from falsifiers.tracing.saved import save
from pv.bisect.saved import read_trace
from pv.errors import UsageError

TOKENS = np.arange(3, dtype=np.int32)
VALUES = {"embed": np.ones((1, 3, 4)), "layers.0.scores": np.ones((1, 3, 2, 3))}


@pytest.mark.parametrize(
    "change",
    [
        {"rows": [{"name": "embed"}]},
        {"positions": [0]},
        {"positions": None},
        {"rows": 7},
        {"rows": []},
        {"rows": [{"name": "embed", "shape": [1, 3, 4], "count": 12}] * 2},
    ],
)
def test_a_damaged_trace_is_read(tmp_path, change) -> None:
    folder = save(tmp_path, TOKENS, VALUES)
    assert read_trace(folder).counts == (12, 12)
    path = folder / "trace.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(UsageError, match=r"trace\.json"):
        read_trace(folder)


@pytest.mark.parametrize("data", [b"", b"\xff" * 16, b"\x08" + b"\0" * 7 + b"{}      ", b"[" * 100_000])
@pytest.mark.parametrize("name", ["trace.json", "values.safetensors"])
def test_what_is_no_trace_is_read(tmp_path, name, data) -> None:
    folder = save(tmp_path, TOKENS, VALUES)
    (folder / name).write_bytes(data)
    with pytest.raises(UsageError, match="save it again"):
        read_trace(folder)


def test_a_trace_that_is_not_there_is_read(tmp_path) -> None:
    with pytest.raises(UsageError, match="holds no saved trace"):
        read_trace(tmp_path)
