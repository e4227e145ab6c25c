"""Names of what is made anew, and the files and identifiers they give."""

import keyword
import re
from dataclasses import dataclass
from typing import Final

from pv.errors import UsageError

_KEBAB: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Name:
    """A name in kebab-case, e.g. `held-out-loss`; `parse_name` checks it."""

    kebab: str

    @property
    def snake(self) -> str:
        """`held_out_loss`: the name of a module."""
        return self.kebab.replace("-", "_")

    @property
    def upper(self) -> str:
        """`HELD-OUT-LOSS`: a part of an id."""
        return self.kebab.upper()

    @property
    def words(self) -> str:
        """`held out loss`."""
        return self.kebab.replace("-", " ")


def parse_name(text: str) -> Name:
    """The name, checked: it becomes file names, module names and ids.

    Raises:
        UsageError: It is not in kebab-case, too long, or a word of Python.
    """
    if not _KEBAB.fullmatch(text):
        near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST]
        hint = f", e.g. {near}" if _KEBAB.fullmatch(near) else ", e.g. held-out-loss"
        what = f"{text[:80]!r} is no name in kebab-case"
        raise UsageError("NAME", what, f"use small letters, digits and single dashes, a letter first{hint}")
    if len(text) > _LONGEST:
        raise UsageError("NAME", f"{len(text)} characters are too many", f"use at most {_LONGEST}")
    if keyword.iskeyword(text) or keyword.issoftkeyword(text):
        raise UsageError("NAME", f"{text!r} is a word of Python, and no module can have it", "add a word to it")
    return Name(text)
