"""Two evaluations are paired by document, or refused."""

from __future__ import annotations

import json

import pytest

from aprtrain.compare import difference
from aprtrain.errors import InputError


def written(path, *rows, **change):
    base = {"name": "a.py", "digest": "d", "context": 16}
    lines = [
        json.dumps({**base, "document": str(number), "sum_nats": nats, "tokens": count} | change)
        for number, (nats, count) in enumerate(rows)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_difference_is_no_ratio_of_sums(tmp_path):
    one = written(tmp_path / "one", (10.0, 10), (60.0, 30))
    two = written(tmp_path / "two", (12.0, 10), (66.0, 30))
    mean, error, documents = difference(one, two)
    assert (mean, documents) == (pytest.approx(8 / 40), 2)
    assert error == pytest.approx((2 * (2 - 0.2 * 10) ** 2 + 2 * (6 - 0.2 * 30) ** 2) ** 0.5 / 40)


def test_documents_that_move_apart_have_no_error(tmp_path):
    one = written(tmp_path / "one", (10.0, 10), (10.0, 10))
    two = written(tmp_path / "two", (12.0, 10), (10.0, 10))
    assert difference(one, two)[:2] == (pytest.approx(0.1), pytest.approx((2 * (1 + 1)) ** 0.5 / 20))


@pytest.mark.parametrize("change", [{"digest": "e"}, {"context": 8}, {"tokens": 9}, {"document": "z"}])
def test_other_targets_are_compared(tmp_path, change):
    one, two = written(tmp_path / "one", (1.0, 10)), written(tmp_path / "two", (1.0, 10), **change)
    with pytest.raises(InputError, match=f"was scored on .* against .*{next(iter(change.values()))}"):
        difference(one, two)


def test_a_document_that_is_missing_goes_unseen(tmp_path):
    one, two = written(tmp_path / "one", (1.0, 10), (1.0, 10)), written(tmp_path / "two", (1.0, 10))
    with pytest.raises(InputError, match="2 documents against 1"):
        difference(one, two)


@pytest.mark.parametrize(
    "text",
    ["", "7\n", "{}\n", "nonsense", '{"document": "0", "digest": "d", "context": 1, "tokens": 1, "sum_nats": NaN}'],
)
def test_what_is_no_evaluation_is_compared(tmp_path, text):
    (tmp_path / "odd").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="holds no"):
        difference(tmp_path / "odd", written(tmp_path / "one", (1.0, 10)))
