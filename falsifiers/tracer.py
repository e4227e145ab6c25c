"""A system that is asked what flows through it: a process that answers a line of JSON with another one.

`python -m falsifiers.tracer --kind KIND --path PATH --device cpu --dtype float32 --out FOLDER`, KIND being a trainer
of the group `pv.trainers`, or `oracle`. The first line that it writes says what it is. It is asked for

- the ids of a text: `{"text": ...}`;
- parameters by name: `{"parameters": [...]}`, which it writes to a file in FOLDER;
- its operations: `{"tokens": [...], "positions": [first, stop], "disturbed": ..., "swapped": ...}`: names, counts, and
  the file in FOLDER with their outputs. `disturbed` is null or `{"seed": ..., "dtypes": [...]}`, and `swapped` null or
  a file with parameters that take the place of its own.

What cannot be done is answered by `{"refused": ..., "fix": ...}`, a fault of the system by `{"fault": ...}`. It ends
with its input.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

import numpy as np
import numpy.typing as npt

from falsifiers import runner
from falsifiers.job import JobError
from falsifiers.oracles.checkpoint import CheckpointError
from falsifiers.oracles.expected import ShapeError
from falsifiers.oracles.system import open_oracle
from falsifiers.rounding import disturbance
from falsifiers.system import Array
from falsifiers.system_judge import find_trainer

ORACLE: Final = "oracle"


class Traceable(Protocol):
    """A system whose operations can be seen."""

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""

    @property
    def device_platform(self) -> str:
        """`cpu` or `gpu`."""

    def parameters(self) -> Mapping[str, Array]:
        """Every parameter by name, oriented as the system's kind has it."""

    def with_parameters(self, parameters: Mapping[str, Array], /) -> Traceable:
        """The same code with other weights."""

    def operations(
        self, tokens: npt.NDArray[np.int32], *, dtype: str, alter: Callable[[str, Any], Any]
    ) -> Mapping[str, np.ma.MaskedArray[Any, Any]]:
        """Name and output [1, t, ...] of every operation on the ids [t], in the order of execution.

        Values that take no part are masked. What `alter` makes of an output goes on in its place.
        """


def main(argv: Sequence[str] | None = None) -> int:
    """Answer until the input ends; the exit status."""
    parser = argparse.ArgumentParser(prog="tracer", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kind", required=True, help="name of a trainer, or oracle")
    parser.add_argument("--path", type=Path, required=True, help="its checkpoint")
    parser.add_argument("--device", required=True)
    parser.add_argument("--dtype", required=True, help="what it computes in")
    parser.add_argument("--out", type=Path, required=True, help="folder for the outputs")
    options = parser.parse_args(argv)
    runner.follow()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    serve(options, sys.stdin, answers)
    return 0


def serve(options: argparse.Namespace, asked: TextIO, answers: TextIO) -> None:
    """Open the system, and answer every line."""
    system: list[Traceable] = []

    def opened() -> dict[str, Any]:
        system.append(open_system(options.kind, options.path, options.device))
        return {"vocab_size": int(system[0].vocab_size), "platform": system[0].device_platform}

    _answer(answers, opened)
    for number, line in enumerate(asked if system else ()):
        _answer(answers, partial(_replied, system[0], json.loads(line), options, options.out / f"{number}.npz"))


def open_system(kind: str, path: Path, device: str) -> Traceable:
    """The system of a kind in a folder; JobError where it cannot be had."""
    if kind == ORACLE:
        return open_oracle(path)
    found: Any = find_trainer(kind)().open(path, device=device)
    if not hasattr(found, "operations"):
        raise JobError(f"trainer {kind!r}: its systems show no operations; it must offer `operations`")
    return found  # type: ignore[no-any-return]


def ids_of(path: Path, text: str) -> list[int]:
    """The ids of a text under the tokenizer that lies beside the weights; JobError where there is none."""
    from tokenizers import Tokenizer

    places = [folder / "tokenizer.json" for folder in (path / "checkpoint", path)]
    file = next((place for place in places if place.is_file()), None)
    if file is None:
        raise JobError(f"{path}: has no tokenizer.json; give --tokens instead")
    return list(map(int, Tokenizer.from_file(str(file)).encode(text, add_special_tokens=False).ids))


def _replied(system: Traceable, question: Mapping[str, Any], options: argparse.Namespace, file: Path) -> dict[str, Any]:
    """The answer to one question; arrays go to the file."""
    if "text" in question:
        return {"tokens": ids_of(options.path, question["text"])}
    if "parameters" in question:
        _save(file, _chosen(system.parameters(), question["parameters"]))
        return {"file": file.name}
    if question["swapped"]:
        with np.load(question["swapped"], allow_pickle=False) as swapped:
            arrays = dict(swapped)
        own = system.parameters()
        system = system.with_parameters({**own, **{name: arrays[name] for name in _chosen(own, arrays)}})
    return _traced(system, question, options.dtype, file)


def _chosen(arrays: Mapping[str, Array], names: Iterable[str]) -> dict[str, Array]:
    """The arrays of these names; JobError where there is none of one."""
    missing = sorted(set(names) - set(arrays))
    if missing:
        raise JobError(f"no tensor is named {missing[0]}; there are {', '.join(sorted(arrays))}")
    return {name: arrays[name] for name in names}


def _save(file: Path, arrays: Mapping[str, Array]) -> None:
    np.savez(file, **arrays)  # type: ignore[arg-type]


def _traced(system: Traceable, question: Mapping[str, Any], dtype: str, file: Path) -> dict[str, Any]:
    """Write the outputs at the chosen positions, and say their names and how many values take part."""
    first, stop = question["positions"]
    disturbed = question["disturbed"]
    alter = disturbance(disturbed["seed"], disturbed["dtypes"]) if disturbed else lambda _name, x: x
    found = system.operations(np.asarray(question["tokens"], np.int32), dtype=dtype, alter=alter)
    chosen = {name: x[:, first:stop] for name, x in found.items()}
    _save(file, {str(index): x.filled(0) for index, x in enumerate(chosen.values())})
    return {"names": list(chosen), "counts": [int(x.count()) for x in chosen.values()], "file": file.name}


def _answer(answers: TextIO, made: Callable[[], dict[str, Any]]) -> None:
    """Write what is made, or why it could not be."""
    try:
        said = made()
    except Exception as fault:  # noqa: BLE001 - a system may fail in any way, and the one who asks must hear of it
        where, what, fix = (getattr(fault, name, "") for name in ("where", "what", "fix"))
        if fix:
            said = {"refused": f"{where}: {what}", "fix": fix}
        elif isinstance(fault, (JobError, CheckpointError, ShapeError)):
            said = {"refused": str(fault), "fix": ""}
        else:
            said = {"fault": f"{type(fault).__name__}: {fault}"}
    answers.write(json.dumps(said) + "\n")
    answers.flush()


if __name__ == "__main__":
    raise SystemExit(main())
