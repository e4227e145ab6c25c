"""The version step that differences ask for, and whether version and changelog follow them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from pv.change.model import Difference, Direction
from pv.contract import Contract

_SEMVER = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?")
_CLAIMED: Final = (
    (re.compile(r"\btighten", re.IGNORECASE), frozenset({Direction.TIGHTENED, Direction.ADDED})),
    (re.compile(r"\b(loosen|relax)", re.IGNORECASE), frozenset({Direction.LOOSENED, Direction.REMOVED})),
    (re.compile(r"\b(remov|delet)", re.IGNORECASE), frozenset({Direction.REMOVED, Direction.LOOSENED})),
)
"""Words of an entry, and the directions of which one must be there if it uses them."""


class Bump(IntEnum):
    """A step of a semantic version."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    def __str__(self) -> str:
        """The step in lower case."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """Version or changelog and the differences do not say the same."""

    code: str
    """`version-not-raised`, `version-lowered`, `version-unreadable`, `changelog-missing`, `changelog-silent`,
    `changelog-contradicts` or `changelog-rewritten`."""

    message: str


def asked_bump(differences: Iterable[Difference]) -> Bump:
    """Return the step the differences ask for.

    Major where less may be asked than before: somebody who relied on it must look. Minor where more is asked or
    something was added, patch for words.
    """
    directions = {difference.direction for difference in differences}
    if any(direction.asks_less for direction in directions):
        return Bump.MAJOR
    if directions & {Direction.ADDED, Direction.TIGHTENED}:
        return Bump.MINOR
    return Bump.PATCH if directions else Bump.NONE


def version_mismatches(before: Contract, after: Contract, differences: Sequence[Difference]) -> tuple[Mismatch, ...]:
    """Return where version and changelog do not follow the differences; before 1.0.0 one step less is enough."""
    return (*_version(before, after, differences), *_changelog(before, after, differences))


def _version(before: Contract, after: Contract, differences: Sequence[Difference]) -> Iterator[Mismatch]:
    old_text, new_text = before.metadata.version, after.metadata.version
    old, new = _parsed(old_text), _parsed(new_text)
    if old is None or new is None:
        if differences:
            text = old_text if old is None else new_text
            yield Mismatch(code="version-unreadable", message=f"`{text}` is no semantic version")
        return
    if new < old:
        yield Mismatch(code="version-lowered", message=f"{old_text} became {new_text}")
        return
    asked, made = asked_bump(differences), _made(old, new)
    if asked > Bump.PATCH and old[0] == 0:
        asked = Bump(asked - 1)
    if made < asked:
        step = f"{old_text} became {new_text}" if made else f"the version stayed {old_text}"
        yield Mismatch(code="version-not-raised", message=f"the differences ask for a {asked} step, {step}")


def _parsed(text: str) -> tuple[int, int, int, bool, str] | None:
    """Numbers, whether it is a release, and the pre-release label; None where it is no semantic version."""
    match = _SEMVER.match(text)
    if match is None:
        return None
    major, minor, patch, label = match.groups()
    return int(major), int(minor), int(patch), label is None, label or ""


def _made(old: tuple[int, int, int, bool, str], new: tuple[int, int, int, bool, str]) -> Bump:
    for place, bump in enumerate((Bump.MAJOR, Bump.MINOR, Bump.PATCH)):
        if new[place] != old[place]:
            return bump
    return Bump.NONE if new == old else Bump.PATCH


def _changelog(before: Contract, after: Contract, differences: Sequence[Difference]) -> Iterator[Mismatch]:
    known = {(entry.version, entry.date, entry.change) for entry in before.metadata.changelog}
    entries = [(entry.version, entry.date, entry.change) for entry in after.metadata.changelog]
    for version, date, _ in sorted(known - set(entries)):
        message = f"the entry {version} of {date} was altered or taken away"
        yield Mismatch(code="changelog-rewritten", message=message)
    fresh = [text for version, date, text in entries if (version, date, text) not in known]
    version = after.metadata.version
    if version == before.metadata.version or (after.legacy and not entries):
        return
    if all(entry[0] != version for entry in entries):
        yield Mismatch(code="changelog-missing", message=f"no entry tells what {version} changed")
        return
    yield from _silent(after, differences, " ".join(fresh))
    yield from _contradicting(differences, fresh)


def _silent(after: Contract, differences: Sequence[Difference], text: str) -> Iterator[Mismatch]:
    """Subjects of which less is asked, and that no new entry names."""
    weaker = dict.fromkeys(one.subject for one in differences if one.direction.asks_less and one.subject != after.id)
    for subject in weaker:
        claim = after.claim(subject)
        known = (subject, subject.rpartition("-")[2], *(claim.aliases if claim else ()))
        if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in known):
            how = ", ".join(f"{one.field or 'it'} {one.direction}" for one in differences if one.subject == subject)
            yield Mismatch(code="changelog-silent", message=f"no new entry names {subject}: {how}")


def _contradicting(differences: Sequence[Difference], entries: Sequence[str]) -> Iterator[Mismatch]:
    directions = {difference.direction for difference in differences}
    for text in entries:
        for pattern, needed in _CLAIMED:
            word = pattern.search(text)
            if word and not directions & needed:
                found = ", ".join(sorted(directions)) or "nothing"
                message = f"an entry says `{word.group()}…`, and what differs is {found}"
                yield Mismatch(code="changelog-contradicts", message=message)
