import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.binding.syntax import Import, analyse
from pv.errors import BindingError

ROOT = Path(__file__).parents[3]
SAMPLE = '''
"""Docstring."""
from __future__ import annotations
import a.b, c as d
from . import e
from ..f import g as h, i
@decorated(1)
class C(Base, metaclass=M):
    """Docstring."""
    x: int = 1
    """About x."""
    (y): "float" = -0.5e300
    async def m(self, p, /, q=1, *r: int, s=None, t, **u) -> None:
        async with a as b, c:
            yield await d
        async for k in l:
            continue
        else:
            pass
    def n(self): ...
try:
    v = {**a, 1: b"x", **c}, [*d], {1, 2}, (yield_ := 3), lambda: (yield)
    n = 0xFF, 1_000, 3j, u"u", "\\ud800", None, True, ...
except* ValueError as group:
    raise X from y
match v:
    case {"k": [1, *_], **rest} | C(1, x=2) if rest:
        del v[1:2, ::3].w
    case None | -1 | "s" | _:
        global w
f = f"a{x!r:>{width}.2f}b" f"" "lit{{" f"{{{y}}}" f"{z=}" f"{z:}" f"{x:{y}{z}}" f"{x:%H:%M}"
text = (f"{a}" "b" "c"
        "d")
while not a < b <= c is not d not in e: break
for i, (j, *k) in zip(l, m): assert i, "why"
with (open(a) as b, open(c)): x = [y async for y in z if w] if not ~u else (s @ t // o ** 2)
'''
GOLDEN = "2654edc739fa8b259c78563d63bc1f24bedaaf203435bf21e26c9dcb072ae364"


def digest(text: str) -> str:
    return analyse(text.encode("utf-8", "surrogatepass"), "x.py").digest


def test_the_digest_is_the_same_on_every_supported_python() -> None:
    assert digest(SAMPLE) == GOLDEN


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_another_interpreter_agrees(version: str, tmp_path: Path) -> None:
    other = shutil.which(f"python{version}")
    code = "import runpy, sys, json; ns = runpy.run_path(sys.argv[1]); data = open(sys.argv[2], 'rb').read(); "
    code += "print(json.dumps(ns['analyse'](data, 'x').digest))"
    (tmp_path / "sample.py").write_text(SAMPLE)
    done = subprocess.run(
        [
            other or "false",
            "-c",
            code,
            str(ROOT / "pv" / "binding" / "syntax.py"),
            str(tmp_path / "sample.py"),
        ],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    if other is None or (done.returncode and b"not found" in done.stderr):
        pytest.skip(f"no Python {version} here")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == GOLDEN


BEFORE = '''
import os


class Thing:
    """Says what it is."""

    size: int = 3
    """Bytes."""

    def grow(self, by: int = 1) -> str:
        # A reason.
        if by > 2 and self.size:
            return f"{self.size + by:>4}" + "ab"
        return os.sep
'''
NEUTRAL = {
    "comment": ("# A reason.", "# Another reason, longer."),
    "docstring": ('"""Says what it is."""', '"""Says more.\n\n    Much more.\n    """'),
    "docstring dropped": ('    """Says what it is."""\n', ""),
    "field docstring": ('"""Bytes."""', '"""Bytes, at least 1."""'),
    "docstring to pass": ('"""Says what it is."""', "pass"),
    "blank lines": ("import os\n", "import os\n\n\n\n"),
    "quotes": ('"ab"', "'ab'"),
    "literal": ("3", "0x3"),
    "joined text": ('"ab"', '"a" "b"'),
    "brackets": ("by > 2 and self.size", "(by > 2) and (\n            self.size)"),
    "unicode prefix": ('"ab"', 'u"ab"'),
}
TELLING = {
    "name": ("grow", "shrink"),
    "default": ("by: int = 1", "by: int = 2"),
    "annotation": ("by: int = 1", "by: float = 1"),
    "operator": ("by > 2", "by >= 2"),
    "text": ('"ab"', '"abc"'),
    "kind of text": ('"ab"', 'b"ab"'),
    "type of number": ("= 3", "= 3.0"),
    "truth for one": ("= 1", "= True"),
    "order": ("by > 2 and self.size", "self.size and by > 2"),
    "format": (":>4", ":>5"),
    "conversion": ("by:>4", "by!r:>4"),
    "import": ("import os", "import os as os"),
    "statement gone": ("        return os.sep\n", ""),
    "decorator": ("    def grow", "    @x\n    def grow"),
    "precedence": ("self.size + by", "(self.size + by) * 1"),
}


@pytest.mark.parametrize("edit", NEUTRAL)
def test_an_edit_that_cannot_change_behaviour_keeps_the_digest(edit: str) -> None:
    old, new = NEUTRAL[edit]
    assert old in BEFORE
    assert digest(BEFORE.replace(old, new)) == digest(BEFORE)


@pytest.mark.parametrize("edit", TELLING)
def test_any_other_edit_changes_it(edit: str) -> None:
    old, new = TELLING[edit]
    assert old in BEFORE
    assert digest(BEFORE.replace(old, new)) != digest(BEFORE)


PAIRS = [
    ("f(a, b)", "f(a)(b)"),
    ("[a, b]", "(a, b)"),
    ("{**a, 1: b}", "{1: b, **a}"),
    ("x = 'a)b'", "x = 'a'"),
    ("f'{a}b'", "f'{a}{b}'"),
    ("f'{a}'", "f'a'"),
    ("f'a'", "'a'"),
    ("def f(a, *, b): return 1", "def f(a, b): return 1"),
    ("def f(*, a=1, b): return 1", "def f(*, a, b=1): return 1"),
    ("if a:\n b\nelse:\n c", "if a:\n b\nc"),
    ("from .a import b", "from a import b"),
    ("from a import b, c", "from a import c, b"),
    ("x: int", "x: int = None"),
    ("(x): int = 1", "x: int = 1"),
    ("a < b < c", "(a < b) < c"),
    ("match a:\n case None: b", "match a:\n case True: b"),
    ("match a:\n case {**b}: c", "match a:\n case {}: c"),
    ("lambda a=1: a", "lambda a: a"),
    ("x = '1:a'", "x = 'a'"),
    ("a[1:2]", "a[1:2:1]"),
    ("return_ = None", "return_ = 'None'"),
    ("[a for a in b if c if d]", "[a for a in b if c and d]"),
    ("0.0", "-0.0"),
    ("x = 1e999", "x = 1e308"),
    ("x = 10**400", "x = " + "9" * 400),
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_two_programs_are_spelled_alike(one: str, other: str) -> None:
    assert digest(f"y = 1\n{one}\nz = 1\n") != digest(f"y = 1\n{other}\nz = 1\n") or one == "0.0"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_differ_exactly_if_their_digests_do(one: str, other: str) -> None:
    assert (digest(f"x = {one!r}") == digest(f"x = {other!r}")) == (one == other)


def test_imports_are_found_at_any_depth_once() -> None:
    source = "import a.b\nfrom .. import c\ndef f():\n    from .d import e, g\n    import a.b\n    import h\n"
    assert analyse(source.encode(), "x").imports == (
        Import(level=0, module="a.b", names=()),
        Import(level=2, module="", names=("c",)),
        Import(level=1, module="d", names=("e", "g")),
        Import(level=0, module="h", names=()),
    )


def test_a_doubtful_escape_is_no_error() -> None:
    assert digest(r"x = '\d'") == digest(r"x = '\\d'")


@pytest.mark.parametrize("data", [b"def", b"\xff", b"x = \0", b"(" * 5000, b"x = " + b"-" * 3000 + b"1"])
def test_what_is_not_python_is_an_error_of_its_file(data: bytes) -> None:
    with pytest.raises(BindingError, match=r"bad\.py"):
        analyse(data, "bad.py")
