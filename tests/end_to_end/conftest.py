"""A project in a temporary folder, and real runs in it that several tests, in several processes, share."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
CLAIM = "FALSIFY-005"
CONTRACT = "apr-pretrain-init-finetune-v1.yaml"


@dataclass(frozen=True)
class Done:
    """A finished command."""

    status: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


@dataclass(frozen=True)
class Project:
    """A folder with our contracts; `.pv/` and `evidence/` grow in it."""

    root: Path

    def pv(self, *arguments: str, timeout_s: float = 280) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "pv", *arguments],
            cwd=self.root,
            env=dict(os.environ) | {"PV_ROOT": str(self.root)},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def discharge(self, *options: str) -> Done:
        """Run the micro profile; the same options are run once in a session, whichever test asks first."""
        name = "-".join(option.strip("-").replace("/", "_") for option in options) or "honest"
        kept = self.root / "runs" / f"{name}.json"
        with locked(kept.with_suffix(".lock")):
            if not kept.exists():
                done = self.pv(
                    "discharge", CLAIM, "--run", "--profile", "micro", "--device", "cpu", "--format", "json", *options
                )
                kept.write_text(json.dumps([done.status, done.stdout, done.stderr]))
        return Done(*json.loads(kept.read_text()))

    def copy(self, folder: Path) -> "Project":
        """A project of its own with the same contracts and evidence, to be tampered with."""
        shutil.copytree(self.root / "contracts", folder / "contracts")
        if (self.root / "evidence").exists():
            shutil.copytree(self.root / "evidence", folder / "evidence")
        return Project(folder)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One project for the whole session, shared by all worker processes."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "project"
    with locked(root.with_suffix(".lock")):
        if not root.exists():
            (root / "contracts").mkdir(parents=True)
            shutil.copy(REPOSITORY / "contracts" / CONTRACT, root / "contracts")
    return Project(root)


@pytest.fixture(scope="session")
def honest(project: Project) -> Done:
    """The honest micro run, kept as evidence."""
    return project.discharge("--keep")
