"""The command line as a whole: help, exit statuses, and nothing that leaves a traceback."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from pv import cli
from pv.errors import EvidenceError


def _process(*arguments: str, cwd: Path | None = None, **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pv", *arguments]
    return subprocess.run(command, capture_output=True, check=False, cwd=cwd, env={**os.environ, **environ})


def test_help_that_imports() -> None:
    """`pv --help` imports nothing of ours but the command line, and nothing heavy."""
    script = (
        "import sys\nfrom pv.cli import run\nstatus = run(['--help'])\n"
        "ours = sorted(name for name in sys.modules if name.split('.')[0] == 'pv')\n"
        "heavy = [name for name in ('yaml', 'pydantic', 'numpy', 'jax', 'hypothesis', 'rich') if name in sys.modules]\n"
        "print(ours, heavy, status, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == "['pv', 'pv.cli'] [] 0\n"


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_help_without_examples(name: str) -> None:
    """Every command has help with two or three examples or more, and the name it is called by."""
    shown = CliRunner().invoke(cli.group, [name, "--help"])
    assert shown.exit_code == 0
    _, _, examples = shown.output.partition("Examples:\n")
    assert len([line for line in examples.splitlines() if line.startswith("    pv ") or "pv " in line]) >= 2


def test_list_of_commands() -> None:
    """Help lists every command, and every command is there."""
    shown = CliRunner().invoke(cli.group, ["--help"]).output
    context = click.Context(cli.group)
    for name in cli.COMMANDS:
        assert f"  {name}" in shown
        command = cli.group.get_command(context, name)
        assert command
        assert command.name == name
    assert cli.group.get_command(context, "nothing") is None


def test_version(pv: Any) -> None:
    """The version is printed, installed or not."""
    ran = pv("--version")
    assert ran.status == 0
    assert ran.out.startswith("pv 0")


@pytest.mark.parametrize(
    "arguments",
    [("nothing",), ("--nothing",), ("validate", "--format", "xml"), (), ("report",), ("completion", "tcsh")],
)
def test_usage_error(pv: Any, arguments: Sequence[str]) -> None:
    """A mistake on the command line makes 2 and is told on standard error."""
    ran = pv(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err


def _fail(error: BaseException) -> click.Command:
    def fail() -> None:
        raise error

    return click.Command("validate", callback=fail)


@pytest.mark.parametrize(
    ("error", "status", "word"),
    [
        (EvidenceError("raw/x.json", "altered", "make it again"), 4, "pv: raw/x.json: altered\n  fix: make it again"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("by\nzero"), 70, "internal error: ZeroDivisionError: by zero; please report it"),
        (RecursionError(), 70, "internal error"),
    ],
)
def test_error_that_leaves(
    pv: Any, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, word: str
) -> None:
    """Every error has its exit status and its word; a fault of ours has no traceback."""
    monkeypatch.setattr(cli.group, "get_command", lambda ctx, name: _fail(error))
    ran = pv("validate")
    assert ran.status == status
    assert word in ran.err


def test_traceback_on_request(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """PV_DEBUG=1 shows where a fault of ours lies."""
    monkeypatch.setenv("PV_DEBUG", "1")
    monkeypatch.setattr(cli.group, "get_command", lambda ctx, name: _fail(ZeroDivisionError()))
    assert cli.run(["validate"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_status_that_a_command_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command may return its exit status."""
    monkeypatch.setattr(cli.group, "get_command", lambda ctx, name: click.Command("validate", callback=lambda: 3))
    assert cli.run(["validate"]) == 3


def _odd(folder: Path) -> dict[str, Path]:
    """Arguments nobody should give."""
    (folder / "empty").mkdir()
    (folder / "binary").write_bytes(bytes(range(256)) * 20)
    (folder / "binary.yaml").write_bytes(bytes(range(256)) * 20)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "round").mkdir()
    (folder / "round" / "again").symlink_to(folder / "round")
    (folder / "folder.yaml").mkdir()
    (folder / "no-json").mkdir()
    (folder / "no-json" / "manifest.json").write_bytes(b"\xff\xfe{")
    (folder / "deep").mkdir()
    (folder / "deep" / "manifest.json").write_text("[" * 100_000)
    (folder / "manifest-folder" / "manifest.json").mkdir(parents=True)
    (folder / "unreadable.yaml").write_text("x")
    (folder / "unreadable.yaml").chmod(0)
    os.mkfifo(folder / "pipe.yaml")
    return {path.name: path for path in folder.iterdir()} | {
        "long": folder / ("x" * 5000),
        "nul-like": folder / "\udcff\x1b[31m",
        "empty-name": Path(),
        "device": Path("/dev/null"),
    }


@pytest.mark.parametrize("command", ["validate", "verify", "report", "status"])
def test_odd_argument(site: Any, pv: Any, tmp_path: Path, command: str) -> None:
    """Whatever is named, there is an answer, and it is never our own fault."""
    odd = tmp_path / "odd"
    odd.mkdir()
    for name, path in _odd(odd).items():
        ran = pv(command, path)
        assert ran.status in {0, 2, 3, 4}, (name, ran.err)
        assert "internal error" not in ran.err, name


def test_odd_reference(site: Any, pv: Any) -> None:
    """Whatever is asked for, there is an answer."""
    for ref in ("", " ", "/", "//", "a/b/c", "\x1b[31m", "x" * 5000, "--", "日本"):
        assert pv("explain", "--", ref).status == 2, ref


def test_full_disk(site: Any) -> None:
    """Standard output that cannot be written to is told in one line."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    command = f'"{sys.executable}" -m pv validate contracts > /dev/full'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("pv: standard output: cannot be written to")


def test_closed_output(site: Any) -> None:
    """Without standard output and error there is still an exit status."""
    command = f'"{sys.executable}" -m pv validate contracts >&- 2>&-'
    assert subprocess.run(["bash", "-c", command], check=False).returncode == 0


def test_help_into_a_closed_pipe() -> None:
    """Help for a reader that left is no error."""
    command = f'"{sys.executable}" -m pv --help | head -0'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_plain_encoding(site: Any) -> None:
    """A terminal that lacks a character gets an escape, not an error."""
    text = site.contract.read_text(encoding="utf-8")
    site.contract.write_text(text.replace("if_fails: Read", "if_fails: Ω ≤ Read"), encoding="utf-8")
    done = _process("explain", "FALSIFY-001", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert done.returncode == 0
    assert rb"\u03a9 \u2264 Read" in done.stdout


def test_colour_by_environment(site: Any) -> None:
    """A pipe has no colour unless it is forced, and NO_COLOR goes before that; the words are the same."""
    plain = _process("validate", COLUMNS="100").stdout
    forced = _process("validate", COLUMNS="100", FORCE_COLOR="1").stdout
    none = _process("validate", COLUMNS="100", FORCE_COLOR="1", NO_COLOR="1").stdout
    assert b"\x1b[" not in plain
    assert b"\x1b[" in forced
    assert click.unstyle(forced.decode()).encode() == plain == none


def test_width_by_environment(site: Any) -> None:
    """COLUMNS narrows the table; nonsense in it is passed by."""
    site.bundle()
    narrow = _process("validate", COLUMNS="70").stdout.decode()
    assert max(len(line) for line in narrow.splitlines() if line.startswith("  FALSIFY")) <= 70
    assert _process("validate", COLUMNS="wide").stdout == _process("validate", COLUMNS="").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(pv: Any, shell: str) -> None:
    """The script calls `pv` back."""
    ran = pv("completion", shell)
    assert ran.status == 0
    assert "_PV_COMPLETE" in ran.out


def test_completion() -> None:
    """Names of commands, options and values are completed."""
    for words, index, expected in (("pv ver", 1, "verify"), ("pv validate --fo", 2, "--format")):
        done = _process(_PV_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(index))
        assert expected in done.stdout.decode(), done.stderr


def test_schema(pv: Any) -> None:
    """The schema is JSON, and is the one that lies beside the contracts."""
    ran = pv("schema")
    assert ran.status == 0
    assert json.loads(ran.out)["title"] == "Contract"
    assert ran.out == (Path(__file__).parents[3] / "contracts" / "schema.json").read_text(encoding="utf-8")
