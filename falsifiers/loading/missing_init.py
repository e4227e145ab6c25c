"""An init that is not there stops the start, named, before a run folder appears.

Hunts for: a run from scratch under the name of a fine-tune.
Why it matters: the option was given, the weights were not loaded, and nothing in the log says so.
How it looks: a first loss near ln V; a run folder with a random model in it.
If it strikes, suspect: a path that is tested and then ignored, an exception that is caught, a default for `--init`.
Blind spots: a path that exists and is another checkpoint than was meant.
Sources: paiml/aprender pull requests 1472 and 1494.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.program import CONFIG, model_of, pretrain, refused, shards, started, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two starts of a run."""
LINKED = "nowhere"
"""Where the dangling link leads, which is what the message names."""
WAYS = ("absent", "dangling", "empty", "a-file", "no-weights", "no-config")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """In what way the init is missing."""

    way: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each way."""
    from hypothesis import strategies as st

    return st.builds(Case, way=st.sampled_from(WAYS))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken, by the init that is missing and by one that is there."""
    shape = workshop() / "missing-shape.json"
    shape.write_text(json.dumps(dict(CONFIG)), encoding="utf-8")
    run = workshop() / "missing-run"
    no = pretrain("--init", _missing(case.way), "--shape", shape, shards=shards(), run=run)
    left = run.exists()
    yes = pretrain("--init", model_of(272), "--shape", shape, shards=shards(), run=run, to_the_end=False)
    named = LINKED if case.way == "dangling" else f"init-{case.way}"
    return float(refused(no, named) + left + (not started(yes)))


def _missing(way: str) -> Path:
    path = workshop() / f"init-{way}"
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    match way:
        case "dangling":
            path.symlink_to(workshop() / LINKED)
        case "empty":
            path.mkdir()
        case "a-file":
            path.write_bytes(b"weights")
        case "no-weights" | "no-config":
            shutil.copytree(model_of(272), path)
            (path / ("model.safetensors" if way == "no-weights" else "config.json")).unlink()
    return path


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
