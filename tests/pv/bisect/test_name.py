"""A system's name says what it says, and nothing is guessed."""

from pathlib import Path

import pytest

from pv.bisect import SystemName, system_name
from pv.errors import UsageError


def test_a_name_is_read_as_another() -> None:
    plain = SystemName(text="aprtrain:run", kind="aprtrain", path=Path("run"))
    assert system_name("aprtrain:run") == plain
    found = system_name("aprtrain:a/b:c?dtype=bf16&mutant=rope-interleaved&device=cuda")
    assert (found.kind, found.path, found.dtype) == ("aprtrain", Path("a/b:c"), "bfloat16")
    assert (found.mutant, found.device) == ("rope-interleaved", "cuda")
    assert system_name("oracle:run").dtype == "float64"
    assert system_name("trace:saved").kind == "trace"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("run", "names no kind and path"),
        ("aprtrain:", "names no kind and path"),
        (":run", "names no kind and path"),
        ("../x:run", "names no kind and path"),
        ("aprtrain:run?dtype", "are no options"),
        ("aprtrain:run?dtype=f32&dtype=bf16", "each once"),
        ("aprtrain:run?speed=3", "are not dtype, device and mutant"),
        ("aprtrain:run?dtype=f8", "dtype 'f8' is unknown"),
        ("aprtrain:run?a=1&b=2&c=3&d=4", "are no options"),
        ("oracle:run?dtype=f32", "oracle takes no options"),
        ("trace:run?mutant=x", "trace takes no options"),
    ],
)
def test_a_wrong_name_is_guessed_at(text, what) -> None:
    with pytest.raises(UsageError, match=what):
        system_name(text)
