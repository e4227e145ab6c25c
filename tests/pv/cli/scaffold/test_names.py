"""Names in kebab-case."""

import pytest

from pv.cli.scaffold.names import parse_name
from pv.errors import UsageError


def test_forms() -> None:
    """One name, in the forms that files, modules and ids need."""
    name = parse_name("held-out-2")
    assert (name.snake, name.upper, name.words) == ("held_out_2", "HELD-OUT-2", "held out 2")


@pytest.mark.parametrize(
    "text",
    ["", "A", "a_b", "a--b", "-a", "a-", "1a", "a/b", "../a", "a b", "ä", "a\n", "a" * 61, "class", "match", "."],
)
def test_refused(text: str) -> None:
    """Anything that is no small kebab-case name, or that Python keeps for itself."""
    with pytest.raises(UsageError):
        parse_name(text)
