"""Canonical JSON: the same bytes as the general library's, for every document a file can hold."""

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pv.contract.canonical import canonical

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_it_is_what_the_library_writes(value):
    assert canonical(value) == rfc8785.dumps(value)


def test_keys_go_by_utf_16():
    assert canonical({"\U0001f600": 1, "\ufb33": 2}) == rfc8785.dumps({"\U0001f600": 1, "\ufb33": 2})
