"""Traces of mutated trainers, one after the other in this process: `trace_mutants.py CASES`, a JSON file of cases.

A case is a mutant, a model's folder, the ids, and the file for the outputs. What the mutants share is imported, and
compiled, once; the trainer itself is imported anew for each from its mutated copy.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np

from falsifiers.mutants import REGISTRY
from falsifiers.mutants.apply import apply, patched, write
from falsifiers.tracer import open_system
from pv.trial.overlay import package_root

MUTANTS = {module.MUTANT.name: module.MUTANT for module in REGISTRY}


def main() -> None:
    source = package_root("aprtrain")
    for case in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        with tempfile.TemporaryDirectory() as overlay:
            shutil.copytree(source, Path(overlay, "aprtrain"), ignore=shutil.ignore_patterns("__pycache__"))
            write(patched(apply(MUTANTS[case["mutant"]], Path(overlay)), Path(overlay)), Path(overlay))
            for name in [name for name in sys.modules if name.partition(".")[0] == "aprtrain"]:
                del sys.modules[name]
            sys.path.insert(0, overlay)
            system = open_system("aprtrain", Path(case["model"]), "cpu")
            tokens = np.array(case["tokens"], np.int32)
            found = system.operations(tokens, dtype="float32", alter=lambda _name, x: x)
            assert sys.modules["aprtrain"].__file__.startswith(overlay)
            np.savez(case["out"], **{name: x.filled(0) for name, x in found.items()})
            sys.path.remove(overlay)


main()
