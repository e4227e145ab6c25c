"""From a SUSPECT or FALSIFIED verdict to a confirmed cause, by commands alone.

What was planted in the run that shows the symptom is told to nobody: the candidates come from the evidence that is kept
of other runs, and the cause is confirmed by planting it again and by a run that lacks it.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.conftest import CONTRACT, REPOSITORY, Project

pytestmark = pytest.mark.slow


def investigated(project: Project, claim: str, bundle: str, opening: int) -> tuple[Any, Any]:
    """The investigation as it begins, and as it ends."""
    begun = project.pv("new", "investigation", claim, "--bundle", bundle)
    assert (begun.status, begun.stderr) == (0, "")
    path = begun.stdout.split()[1]
    opened = project.pv("investigate", path, "--format", "json")
    assert opened.status == opening, opened.stdout
    ended = project.pv("investigate", path, "--run", "--format", "json")
    assert ended.status == 0, ended.stderr
    text = yaml.safe_load((project.root / path).read_text())
    assert "status" not in json.dumps(text)
    return opened.json["investigations"][0], ended.json["investigations"][0]


def causes(found: Any) -> dict[str, Any]:
    """Planted fault to the hypothesis that it is."""
    listed = [child for one in found["hypotheses"] for child in (one, *one["hypotheses"])]
    return {one["injection"]["mutant"]: one for one in listed if one["injection"]}


@pytest.mark.parametrize("mutant", ["unk-corpus", "dropped-bias"])
def test_from_suspect_to_the_cause(project: Project, tmp_path: Path, mutant: str) -> None:
    """The recorded kills are those of the repository, made under another seed."""
    suspect = project.discharge("--mutant", mutant, "--keep", "--seed", "1").json
    assert suspect["verdict"] == "SUSPECT"
    kept = Path("evidence") / Path(CONTRACT).stem
    copy = Project(tmp_path)
    shutil.copytree(project.root / "contracts", tmp_path / "contracts")
    shutil.copytree(REPOSITORY / kept, tmp_path / kept)
    shutil.copytree(project.root / suspect["bundle"], tmp_path / suspect["bundle"])
    (tmp_path / ".pv").symlink_to(project.root / ".pv")
    opened, ended = investigated(copy, "FALSIFY-005", suspect["bundle"], opening=3)
    assert (opened["confirmed"], opened["unlisted_cause"]) == ([], "OPEN")
    cause = causes(ended)[mutant]
    assert ended["confirmed"] == [cause["id"]]
    assert Path(cause["injection"]["planted"]["bundle"]).name != Path(suspect["bundle"]).name


def test_from_falsified_to_the_cause(tmp_path: Path) -> None:
    """Rotary pairs interleaved: the kept evidence holds the same fault in another run, and an honest one."""
    project = Project(tmp_path)
    stem = "rope-v1"
    (tmp_path / "contracts").mkdir()
    shutil.copy(REPOSITORY / "contracts" / "kernels" / f"{stem}.yaml", tmp_path / "contracts")
    shutil.copytree(REPOSITORY / "evidence" / stem, tmp_path / "evidence" / stem)
    done = project.pv("discharge", "FALSIFY-ROPE-005", "--run", "--mutant", "rope-interleaved", "--format", "json")
    assert done.json["verdict"] == "FALSIFIED"
    opened, ended = investigated(project, "FALSIFY-ROPE-005", done.json["bundle"], opening=0)
    assert opened["confirmed"] == ended["confirmed"] == [causes(ended)["rope-interleaved"]["id"]]
