"""A system in a process of its own, asked for its operations; a planted fault is in a copy of the trainer there."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from pv.binding import Packages
from pv.bisect.compare import Trace, tokens_digest
from pv.bisect.name import ORACLE, SystemName
from pv.errors import PvError, UsageError
from pv.trial.environment import of_commands
from pv.trial.overlay import make_overlay

TRACER: Final = "falsifiers.tracer"
LOG: Final = "log.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbed:
    """Rounding that is added to a system's outputs."""

    seed: int
    dtypes: tuple[str, ...]
    """Those in which the systems of the comparison compute."""


@dataclass(slots=True, kw_only=True)
class Tracer:
    """A system that answers."""

    name: SystemName
    folder: Path
    process: subprocess.Popen[str]
    said: Mapping[str, Any] = field(default_factory=dict)

    def wait(self) -> None:
        """Wait until the system is open.

        Raises:
            UsageError: It was refused, with the reason.
            PvError: It failed.
        """
        self.said = self._answer()

    @property
    def vocabulary(self) -> int:
        """Ids that it knows."""
        return int(self.said["vocab_size"])

    def ids(self, text: str) -> tuple[int, ...]:
        """The ids of a text under the tokenizer that lies beside the weights."""
        return tuple(self._ask({"text": text})["tokens"])

    def parameters(self, names: Sequence[str]) -> Path:
        """A file with these parameters, for another system of the same kind."""
        return self.folder / str(self._ask({"parameters": list(names)})["file"])

    def trace(
        self,
        tokens: Sequence[int],
        positions: tuple[int, int],
        disturbed: Disturbed | None = None,
        swapped: Path | None = None,
    ) -> Trace:
        """Its operations on the ids, at the positions; disturbed, or with another's parameters, where that is asked."""
        import numpy as np

        added = {"seed": disturbed.seed, "dtypes": disturbed.dtypes} if disturbed else None
        other = str(swapped) if swapped else None
        said = self._ask({"tokens": list(tokens), "positions": positions, "disturbed": added, "swapped": other})
        path = self.folder / str(said["file"])
        with np.load(path, allow_pickle=False) as file:
            values = {name: file[str(index)] for index, name in enumerate(said["names"])}
        path.unlink()
        return Trace(
            tokens=tokens_digest(tokens),
            positions=positions,
            dtype=self.name.dtype,
            platform=str(self.said["platform"]),
            counts=tuple(said["counts"]),
            values=values,
        )

    def _ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            _pipe(self.process.stdin).write(json.dumps(question) + "\n")
            _pipe(self.process.stdin).flush()
        except OSError as error:
            raise self._fault(str(error)) from error
        return self._answer()

    def _answer(self) -> Mapping[str, Any]:
        line = _pipe(self.process.stdout).readline()
        if not line:
            raise self._fault("it ended without an answer")
        said: Mapping[str, Any] = json.loads(line)
        if "refused" in said:
            fix = said["fix"] or "give a system and an input that fit each other"
            raise UsageError(self.name.text, str(said["refused"]), str(fix))
        if "fault" in said:
            raise self._fault(str(said["fault"]))
        return said

    def _fault(self, what: str) -> PvError:
        lines = (self.folder / LOG).read_text(encoding="utf-8", errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
        return PvError(self.name.text, f"failed: {what}; the last that it printed was: {last}", "mend the system")


def _pipe(end: IO[str] | None) -> IO[str]:
    assert end is not None  # noqa: S101  both are pipes: see `opened`
    return end


@contextmanager
def opened(name: SystemName, folder: Path, packages: Packages, scratch: Path) -> Iterator[Tracer]:
    """Start a system's process, working in `folder`; it ends with the block.

    Raises:
        UsageError: A mutant is asked of what is no trainer.
        BindingError: The mutant does not exist or does not apply.
    """
    folder.mkdir(parents=True, exist_ok=True)
    overlay = folder / "overlay" if name.mutant and name.kind != ORACLE else None
    if overlay and name.mutant:
        make_overlay(name.kind, name.mutant, overlay, packages)
    environ = of_commands(scratch, overlay)
    options = {"kind": name.kind, "path": name.path, "device": name.device, "dtype": name.dtype, "out": folder}
    command = [sys.executable, "-P", "-m", TRACER, *(f"--{key}={value}" for key, value in options.items())]
    with (
        (folder / LOG).open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=environ
        ) as process,
    ):
        try:
            yield Tracer(name=name, folder=folder, process=process)
        finally:
            process.kill()
