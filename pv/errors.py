"""The errors a user can meet, told apart by who must act."""

from typing import ClassVar


class PvError(Exception):
    """Something went wrong at a known place, and there is a remedy.

    Args:
        where: File, line, claim or command that is concerned.
        what: What is wrong, with the offending value.
        fix: What the reader does next.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, where: str, what: str, fix: str = "") -> None:
        super().__init__(where, what, fix)
        self.where = where
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        """Place and fault on one line, the remedy on the next."""
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}\n  fix: {self.fix}" if self.fix else line


class UsageError(PvError):
    """The command line asks for something that does not exist."""

    exit_code = 2


class ContractError(PvError):
    """A contract is invalid; its author must change it."""

    exit_code = 2


class BindingError(PvError):
    """A claim id or a mutant name leads to no falsifier; the index must change."""

    exit_code = 2


class TrainerError(PvError):
    """The system under test could not be run, so nothing was measured."""

    exit_code = 3


class EvidenceError(PvError):
    """Evidence is missing, altered or unreadable."""

    exit_code = 4
