"""`pv completion`: the scripts complete commands, claims, formats and options in each shell."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pv.cli.claim_ids import complete_claims

BASH = """\
source "$1"
COMP_WORDS=("${@:2}"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_pv_completion pv
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def shim(tmp_path: Path, site: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command `pv` on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    file = folder / "pv"
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m pv "$@"\n')
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return file


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("pv", "grap"), ["graph"]),
        (("pv", "explain", "FALSIFY-00"), [f"FALSIFY-00{number}" for number in range(1, 8)]),
        (("pv", "discharge", "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-007"), ["FALSIFY-APR-PRETRAIN-INIT-FINETUNE-007"]),
        (("pv", "graph", "--format", ""), ["text", "dot", "mermaid", "json"]),
        (("pv", "new", "m"), ["mutant"]),
        (("pv", "coverage", "--str"), ["--strict"]),
    ],
)
def test_in_bash(shim: Path, pv: Any, tmp_path: Path, words: tuple[str, ...], expected: list[str]) -> None:
    """The script is sourced in bash and asked as bash asks it."""
    script = tmp_path / "pv.bash"
    script.write_text(pv("completion", "bash").out)
    done = subprocess.run(
        ["bash", "-c", BASH, "bash", str(script), *words], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == expected


@pytest.mark.parametrize(
    ("shell", "words", "cword", "expected"),
    [("zsh", "pv explain FALSIFY-005", "2", "FALSIFY-005"), ("fish", "pv explain FALSIFY-005", "FALSIFY-005", "005")],
)
def test_what_zsh_and_fish_ask(
    shim: Path, pv: Any, monkeypatch: pytest.MonkeyPatch, shell: str, words: str, cword: str, expected: str
) -> None:
    """The scripts call `pv` with these variables; the answer holds the claim."""
    assert f"_PV_COMPLETE={shell}_complete" in pv("completion", shell).out
    for name, value in (("COMP_WORDS", words), ("COMP_CWORD", cword), ("_PV_COMPLETE", f"{shell}_complete")):
        monkeypatch.setenv(name, value)
    done = subprocess.run([str(shim)], capture_output=True, text=True, check=False, timeout=60)
    assert expected in done.stdout
    assert done.stderr == ""


def test_names_of_obligations_are_no_claims(site: Any) -> None:
    """Only the section of claims is read, in whatever order the sections stand."""
    names = complete_claims(None, None, "")  # type: ignore[arg-type]
    assert len(names) == 14
    assert not any("OBL" in name or name.startswith("C-") for name in names)
    site.contract.write_text("falsification_tests:\n- rule: r\n  id: 'A-1'\n- {id: A-2}\nmetadata:\n  id: C\n")
    assert complete_claims(None, None, "A") == ["A-1", "A-2"]  # type: ignore[arg-type]
    assert complete_claims(None, None, "1") == ["A-1"]  # type: ignore[arg-type]


def test_unreadable_files_offer_nothing(site: Any) -> None:
    """A broken link and bytes that are no text stop nothing."""
    (site.root / "contracts" / "broken.yaml").symlink_to("gone.yaml")
    site.contract.write_bytes(b"\xff\xfe falsification_tests:\n- id: A\n")
    assert complete_claims(None, None, "") == []  # type: ignore[arg-type]
