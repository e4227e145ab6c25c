from hypothesis import given
from hypothesis import strategies as st

from pv.evidence import broken_at, canonical_bytes, sha256_bytes

rows = st.lists(st.dictionaries(st.sampled_from(["step", "loss"]), st.integers(0, 9)), min_size=1, max_size=8)


def link(content: list[dict[str, int]]) -> list[bytes]:
    lines: list[bytes] = []
    for row in content:
        previous = sha256_bytes(lines[-1]) if lines else "0" * 64
        lines.append(canonical_bytes({**row, "prev": previous}))
    return lines


def test_no_rows_break_nothing() -> None:
    assert broken_at([]) is None


@given(rows)
def test_a_sound_chain_holds(content: list[dict[str, int]]) -> None:
    assert broken_at(link(content)) is None


@given(rows, st.data())
def test_an_edited_row_breaks_at_it_or_after_it(content: list[dict[str, int]], data: st.DataObject) -> None:
    lines = link(content)
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = canonical_bytes({"prev": "0" * 64, "forged": True})
    broken = broken_at(lines)
    expected = at if at > 0 else (1 if len(lines) > 1 else None)
    assert broken == expected


@given(rows, st.data())
def test_a_dropped_or_repeated_row_breaks_unless_it_was_the_last(
    content: list[dict[str, int]], data: st.DataObject
) -> None:
    lines = link(content)
    at = data.draw(st.integers(0, len(lines) - 1))
    assert broken_at([*lines[: at + 1], *lines[at:]]) == at + 1
    dropped = broken_at([*lines[:at], *lines[at + 1 :]])
    assert dropped == (None if at == len(lines) - 1 else at)


def test_rows_that_are_no_objects_break_the_chain() -> None:
    for line in (b"", b"[]", b"{", b'{"prev": 1}', b'{"prev": NaN}', b"\xff"):
        assert broken_at([line]) == 0
