import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from falsifiers import mutants
from falsifiers.mutants.apply import apply, main, patched
from falsifiers.mutants.mutant import Edit, Mutant, MutantError

ROOT = Path(__file__).parents[3]
ALL = [module.MUTANT for module in mutants.REGISTRY]


def planted(*edits):
    return Mutant(name="planted", group="data", summary="", edits=edits, expect="")


@pytest.fixture
def root(tmp_path):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "one.py").write_text("a = 1\nb = 2\n\n\ndef f():\n    return a\n")
    (tmp_path / "pkg" / "two.py").write_text("c = 3\n")
    return tmp_path


def test_a_patch_applies_again(root):
    fault = planted(
        Edit(module="pkg.one", old="a = 1\n", new="a = 7\nz = 0\n"),
        Edit(module="pkg.one", old="return a", new="return b"),
        Edit(module="pkg.two", old="c = 3", new="c = 4"),
    )
    patch = apply(fault, root)
    assert (root / "pkg" / "one.py").read_text().startswith("a = 1")
    assert patched(patch, root) == {
        "pkg/one.py": "a = 7\nz = 0\nb = 2\n\n\ndef f():\n    return b\n",
        "pkg/two.py": "c = 4\n",
    }


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (
            [Edit(module="pkg.one", old="absent", new="x")],
            "pkg/one.py: did not apply: 0 matches, expected 1, for 'absent'",
        ),
        ([Edit(module="pkg.one", old=" = ", new="=")], "pkg/one.py: did not apply: 2 matches"),
        ([Edit(module="pkg.one", old="a = 1", new="a = 1")], "pkg/one.py: changes nothing"),
        ([Edit(module="pkg.one", old="a = 1", new="a = 1  # one")], "pkg/one.py: changes nothing that runs"),
        (
            [Edit(module="pkg.one", old="a = 1", new="a = (")],
            "pkg/one.py: does not compile once edited: line 1",
        ),
        ([Edit(module="pkg.gone", old="a", new="b")], "pkg/gone.py: did not apply"),
        ([], "has no edits"),
    ],
)
def test_a_mutant_that_does_not_fit_is_refused(root, edits, message):
    with pytest.raises(MutantError) as refused:
        apply(planted(*edits), root)
    assert message in str(refused.value)


@pytest.mark.parametrize("patch", ["", "garbage\n", "--- a/pkg/two.py\n+++ b/pkg/two.py\ngarbage\n"])
def test_what_is_no_patch_is_refused(root, patch):
    with pytest.raises(MutantError):
        patched(patch, root)


def test_a_patch_of_another_source_is_refused(root):
    patch = apply(planted(Edit(module="pkg.two", old="c = 3", new="c = 4")), root)
    (root / "pkg" / "two.py").write_text("c = 5\n")
    with pytest.raises(MutantError, match=r"pkg/two\.py: did not apply: line 1 is not 'c = 3'"):
        patched(patch, root)


@pytest.mark.parametrize("mutant", ALL, ids=lambda mutant: mutant.name)
def test_every_mutant_applies_to_the_trainer_of_today(mutant):
    patch = apply(mutant, ROOT)
    assert patched(patch, ROOT)
    assert {edit.module.replace(".", "/") + ".py" for edit in mutant.edits} == set(patched(patch, ROOT))


def test_the_command_plants_the_fault_and_prints_the_patch(tmp_path):
    shutil.copytree(ROOT / "aprtrain", tmp_path / "aprtrain")
    command = [
        sys.executable,
        "-P",
        "-m",
        "falsifiers.mutants.apply",
        "no-causal-mask",
        "--root",
        str(tmp_path),
    ]
    environment = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "is_causal=False" in (tmp_path / "aprtrain" / "model.py").read_text()
    (tmp_path / "planted.patch").write_text(done.stdout)
    again = [*command[:4], "--patch", str(tmp_path / "planted.patch"), "--root", str(ROOT), "--dry-run"]
    assert subprocess.run(again, capture_output=True, text=True, check=True, env=environment).stdout == done.stdout


def test_the_command_says_what_did_not_apply(tmp_path, capsys):
    shutil.copytree(ROOT / "aprtrain", tmp_path / "aprtrain")
    assert main(["no-causal-mask", "--root", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["no-causal-mask", "--root", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("no-causal-mask: aprtrain/model.py: did not apply: 0 matches")
