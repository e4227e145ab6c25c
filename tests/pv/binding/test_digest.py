from collections.abc import Callable
from pathlib import Path

import pytest

from pv.binding import SyntaxCache, closure_digest, closure_modules, module_digests, syntax_digest
from pv.errors import BindingError

Package = Callable[..., Path]
FILES = {
    "one": "from hunters.laws import two\nimport json\n",
    "laws__in__two": "def f():\n    from . import three\n    from ..deep.er import five\n",
    "laws__in__three": "from .four import x\n",
    "laws__in__four": "import hunters.one\n",
    "deep__in__er__in__five": "from ....outside import y\nfrom other_package import z\n",
    "deep__in__er__in__five_unused": "",
    "lonely": "x = 1\n",
}
REACHED = (
    "hunters",
    "hunters.deep",
    "hunters.deep.er",
    "hunters.deep.er.five",
    "hunters.laws",
    "hunters.laws.four",
    "hunters.laws.three",
    "hunters.laws.two",
    "hunters.one",
)


@pytest.fixture
def written(package: Package) -> Path:
    return package(**FILES)


def test_everything_imported_of_our_own_is_reached(written: Path) -> None:
    assert closure_modules("hunters.one", ("hunters",)) == REACHED
    assert closure_modules("hunters.lonely", ("hunters",)) == ("hunters", "hunters.lonely")


@pytest.mark.parametrize("name", ["one.py", "laws/four.py", "laws/__init__.py", "deep/er/five.py", "__init__.py"])
def test_a_change_anywhere_in_reach_changes_the_closure(written: Path, name: str) -> None:
    before = closure_digest("hunters.one", ("hunters",))
    path = written / name
    path.write_text(path.read_text() + "\n# A comment.\n\n")
    assert closure_digest("hunters.one", ("hunters",)) == before
    path.write_text(path.read_text() + "changed = 1\n")
    assert closure_digest("hunters.one", ("hunters",)) != before


def test_a_change_out_of_reach_does_not(written: Path) -> None:
    before = closure_digest("hunters.one", ("hunters",))
    (written / "lonely.py").write_text("x = 2\n")
    (written / "deep" / "er" / "five_unused.py").write_text("x = 2\n")
    assert closure_digest("hunters.one", ("hunters",)) == before


def test_moving_code_between_modules_changes_the_closure(written: Path) -> None:
    before = closure_digest("hunters.one", ("hunters",))
    (written / "laws" / "three.py").rename(written / "laws" / "third.py")
    (written / "laws" / "two.py").write_text(FILES["laws__in__two"].replace("three", "third"))
    assert closure_digest("hunters.one", ("hunters",)) != before


def test_module_digests_leave_out_what_is_gone(written: Path) -> None:
    names = [
        "hunters.one",
        "hunters.gone",
        "hunters",
        "no_such_package.x",
        "../hunters",
        "hunters..one",
        "sys",
        "",
    ]
    found = module_digests(names)
    assert sorted(found) == ["hunters", "hunters.one"]
    assert found["hunters.one"] == syntax_digest(written / "one.py")


def test_a_module_without_source_has_no_closure() -> None:
    with pytest.raises(BindingError, match="no source file"):
        closure_modules("no_such_package_anywhere.x")


def test_a_file_that_is_gone_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(BindingError, match="cannot be read"):
        syntax_digest(tmp_path / "absent.py")


def test_a_broken_file_is_named(written: Path) -> None:
    (written / "laws" / "four.py").write_text("def")
    with pytest.raises(BindingError, match=r"four\.py"):
        closure_digest("hunters.one", ("hunters",))


def test_one_cache_reads_no_file_twice(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = SyntaxCache()
    before = closure_digest("hunters.one", ("hunters",), cache=cache)
    monkeypatch.setattr("pv.binding.cache.analyse", lambda *_: pytest.fail("analysed twice"))
    assert closure_digest("hunters.one", ("hunters",), cache=cache) == before
