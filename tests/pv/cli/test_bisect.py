"""`pv bisect`: what it prints, and how it ends."""

import importlib.util
import json
from pathlib import Path

import pytest

from pv.cli import run

SPEC = importlib.util.spec_from_file_location("families", Path(__file__).parents[2] / "support" / "families.py")
families = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(families)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> Path:
    here = tmp_path_factory.mktemp("bisected")
    families.write_family(here / "one", "llama", num_hidden_layers=1)
    families.write_family(here / "other", "llama", num_hidden_layers=1, rope_theta=99.0)
    families.write_family(here / "windowed", "mistral", num_hidden_layers=1, tie_word_embeddings=False)
    (here / "pyproject.toml").write_text("[tool.pv]\n", encoding="utf-8")
    return here


@pytest.fixture
def pv(folders, monkeypatch, capsys):
    monkeypatch.chdir(folders)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = run(["bisect", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


def test_a_clean_comparison_ends_otherwise(pv) -> None:
    status, out, _ = pv("oracle:one", "oracle:one", "--random", "2", "--length", "4")
    assert status == 0
    assert "no divergence beyond the budget: 20 operations, 2 inputs" in out


def test_a_divergence_ends_otherwise(pv, folders) -> None:
    (folders / "ids").write_text("1, 2, 3", encoding="utf-8")
    options = ("--tokens", "ids", "--tries", "0", "--plot", "p.svg", "--format", "json")
    status, out, err = pv("oracle:other", "oracle:one", *options)
    assert status == 1
    found = json.loads(out)
    assert found["first_divergence"]["operation"] == "layers.0.q_rope"
    assert found["tokens"] == [1, 2, 3]
    assert "wrote p.svg" in err
    assert (folders / "p.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_statistic_over_another_selection_is_compared(pv) -> None:
    """The window leaves out of the scores what the other model counts."""
    status, out, err = pv("oracle:windowed", "oracle:one", "--random", "1", "--length", "8")
    assert (status, out) == (2, "")
    assert "not comparable: layers.0.scores of shape [1, 8, 4, 8] with 120 values in A" in err
    assert "with 144 values in B" in err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("oracle:one", "oracle:one"), "needs one of --tokens, --text and --random"),
        (("oracle:one", "oracle:one", "--tokens", "1", "--random", "1"), "needs one of"),
        (("oracle:one", "one", "--tokens", "1"), "names no kind and path"),
        (("oracle:one", "oracle:one", "--tokens", "1", "--plot", "x.png"), "is no .svg in a folder"),
        (("oracle:one", "oracle:one", "--tokens", "1", "--plot", "no/x.svg"), "is no .svg in a folder"),
        (("oracle:gone", "oracle:one", "--tokens", "1"), "gone/config.json"),
    ],
)
def test_wrong_usage_ends_otherwise(pv, arguments, what) -> None:
    status, out, err = pv(*arguments)
    assert (status, out) == (2, "")
    assert what in err
    assert "Traceback" not in err
