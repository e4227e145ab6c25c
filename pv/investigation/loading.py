"""One file as an investigation, with everything that is wrong with it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pv.contract import Problem, content_of
from pv.contract.canonical import canonical
from pv.contract.departure import fitted
from pv.contract.reader import Document, read
from pv.investigation.model import Investigation
from pv.investigation.rules import check, typed_statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A file that was read as an investigation."""

    path: Path
    investigation: Investigation | None
    """None where the file cannot be understood as one; the problems say why."""

    document: Document
    """The parsed file, for the places of what is found later."""

    problems: tuple[Problem, ...]
    """Everything wrong, in the order of the file."""

    @property
    def valid(self) -> bool:
        """Whether nothing in it is an error."""
        return self.investigation is not None and all(one.severity != "error" for one in self.problems)


def load(path: Path) -> Loaded:
    """Read one file; bad content, and a file that cannot be read, become problems."""
    try:
        raw = content_of(path)
    except (OSError, ValueError) as error:
        document = Document(path=str(path), data=None)
        reason = getattr(error, "strerror", None) or str(error)
        return _loaded(path, None, document, [document.problem("unreadable", (), f"cannot be read: {reason}")])
    document = read(raw, str(path))
    if not isinstance(document.data, dict) or "investigation" not in document.data:
        hint = 'write `investigation: "1"` at the top, or start one with pv new investigation'
        found = document.problem("not-an-investigation", (), "the file is no investigation", hint)
        return _loaded(path, None, document, () if document.problems else (found,))
    typed = list(typed_statuses(document))
    investigation, problems = fitted(document, canonical(document.data), Investigation)
    places = {(one.line, one.column) for one in typed}
    problems = [*typed, *(one for one in problems if (one.line, one.column) not in places)]
    return _loaded(
        path, investigation, document, [*problems, *(check(document, investigation) if investigation else ())]
    )


def _loaded(path: Path, found: Investigation | None, document: Document, problems: Iterable[Problem]) -> Loaded:
    return Loaded(path=path, investigation=found, document=document, problems=ordered((*document.problems, *problems)))


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in the order of the file, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda one: (one.line, one.column, one.code, one.message)))
