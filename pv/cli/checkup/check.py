"""What one look at the environment or the project found."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of `pv doctor`."""

    name: str
    state: State
    found: str
    remedy: str = ""
    """What to do about it; empty where all is well."""


def ok(name: str, found: str) -> Check:
    """All is well."""
    return Check(name=name, state=State.OK, found=found)


def warn(name: str, found: str, remedy: str) -> Check:
    """It works, but not as it might."""
    return Check(name=name, state=State.WARN, found=found, remedy=remedy)


def fail(name: str, found: str, remedy: str) -> Check:
    """Something that is needed does not work."""
    return Check(name=name, state=State.FAIL, found=found, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a program ended that was asked something."""

    status: int | None
    """None where it could not be started or took too long."""

    said: str
    why: str = ""


def ask(argv: Sequence[str], timeout_s: float, **variables: str) -> Answer:
    """Run a program that asks for nothing, with this process's module path."""
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables}
    try:
        done = subprocess.run(
            list(argv),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout_s,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return Answer(None, "", f"no answer within {timeout_s:g} s")
    except OSError as error:
        return Answer(None, "", error.strerror or str(error))
    words = done.stderr.strip().splitlines()
    return Answer(done.returncode, done.stdout, words[-1][:300] if words else f"exit status {done.returncode}")
