"""How a contract differs from its older version: claims, obligations, equations, gates, system."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

from pv.change.claims import claim_differences
from pv.change.model import Difference, Direction, reversed_order, shown
from pv.change.order import of_ranks, of_sets
from pv.contract import Claim, Contract, Equation, Gate, Loaded, Obligation, System

Owned = tuple[str, str]
"""Id of a contract and of a claim in it."""

_Part = TypeVar("_Part")
_Compare = Callable[[str, _Part, _Part], Iterable[Difference]]


def paired(before: Sequence[Loaded], after: Sequence[Loaded]) -> tuple[tuple[Loaded | None, Loaded | None], ...]:
    """Return older and newer version of each contract, of one id or else of one file name.

    A contract without a partner has None in its place.
    """
    by_id = {_id(loaded): loaded for loaded in before}
    by_name = {loaded.path.name: loaded for loaded in before}
    ids, taken = {_id(loaded) for loaded in after}, set[str]()
    pairs: list[tuple[Loaded | None, Loaded | None]] = []
    for loaded in after:
        old = by_id.get(_id(loaded)) or by_name.get(loaded.path.name)
        if old and (_id(old) in taken or (_id(old) != _id(loaded) and _id(old) in ids)):
            old = None
        taken |= {_id(old)} if old else set()
        pairs.append((old, loaded))
    return (*pairs, *((loaded, None) for name, loaded in by_id.items() if name not in taken))


def _id(loaded: Loaded) -> str:
    return loaded.contract.id if loaded.contract else loaded.path.name


def contract_differences(before: Contract | None, after: Contract | None) -> tuple[Difference, ...]:
    """Return everything that differs; a contract that came or went is one difference."""
    if before is None or after is None:
        there = before or after
        if there is None:
            return ()
        direction = Direction.REMOVED if before else Direction.ADDED
        return (_whole("contract", there.id, direction, f"{len(there.claims)} claims"),)
    return tuple(chain.from_iterable(_parts(before, after)))


def _parts(before: Contract, after: Contract) -> Iterator[Iterable[Difference]]:
    yield _contract(before, after)
    yield _system(after.id, before.system, after.system)
    old, new = matched_claims(before.claims, after.claims)
    yield _each("claim", old, new, lambda _, older, newer: claim_differences(older, newer))
    yield _each("obligation", _obligations(before), _obligations(after), _obligation)
    yield _each("equation", before.equations, after.equations, _equation)
    yield _each("gate", {gate.id: gate for gate in before.gates}, {gate.id: gate for gate in after.gates}, _gate)


def matched_claims(before: Iterable[Claim], after: Iterable[Claim]) -> tuple[dict[str, Claim], dict[str, Claim]]:
    """Return both versions by the newer id; a claim that keeps its old id as an alias was renamed, not removed."""
    old, new = {claim.id: claim for claim in before}, {claim.id: claim for claim in after}
    renamed = {alias: claim.id for claim in new.values() if claim.id not in old for alias in claim.aliases}
    names = {name: name if name in new else renamed.get(name, name) for name in old}
    return {names[name]: claim for name, claim in old.items()}, new


def followed(before: Mapping[Owned, Claim], after: Mapping[Owned, Claim]) -> dict[Owned, Owned | None]:
    """Return where each older claim is now; None where it is gone.

    It is looked for in its own contract by id and then by alias, then in others, but only among claims that were
    not there before: older files repeat ids, and a namesake must not stand in for a claim that was deleted.
    """
    fresh = {place: claim for place, claim in after.items() if place not in before}
    names = [(place, name) for place, claim in fresh.items() for name in (claim.id, *claim.aliases)]
    here = {(place[0], name): place for place, name in reversed(names)}
    anywhere = {name: place for place, name in reversed(names)}
    return {place: place if place in after else here.get(place) or anywhere.get(place[1]) for place in before}


def _each(
    part: str, before: Mapping[str, _Part], after: Mapping[str, _Part], compare: "_Compare[_Part]"
) -> Iterator[Difference]:
    for name in dict.fromkeys((*before, *after)):
        match before.get(name), after.get(name):
            case None, _:
                yield _whole(part, name, Direction.ADDED, "")
            case _, None:
                yield _whole(part, name, Direction.REMOVED, "")
            case old, new if old is not None and new is not None:
                yield from compare(name, old, new)


def _whole(part: str, subject: str, direction: Direction, text: str) -> Difference:
    gone = direction is Direction.REMOVED
    before, after = (text, "") if gone else ("", text)
    return Difference(part=part, subject=subject, field="", direction=direction, before=before, after=after)


def _fields(
    part: str, subject: str, before: object, after: object, compared: Mapping[str, Direction | None]
) -> Iterator[Difference]:
    """The fields of a part that have a direction, with what they say."""
    for field, direction in compared.items():
        if direction:
            old, new = shown(getattr(before, field)), shown(getattr(after, field))
            yield Difference(part=part, subject=subject, field=field, direction=direction, before=old, after=new)


def _changed(before: object, after: object, direction: Direction = Direction.INCOMPARABLE) -> Direction | None:
    return None if before == after else direction


def _contract(before: Contract, after: Contract) -> Iterator[Difference]:
    old, new = before.metadata, after.metadata
    compared = {
        "depends_on": of_sets(old.depends_on, new.depends_on),
        "id": _changed(old.id, new.id),
        "kind": _changed(old.kind, new.kind, Direction.REWORDED),
        "description": _changed(old.description, new.description, Direction.REWORDED),
        "references": _changed(old.references, new.references, Direction.REWORDED),
        "author": _changed(old.author, new.author, Direction.REWORDED),
        "status": _changed(old.status, new.status, Direction.REWORDED),
    }
    return _fields("contract", after.id, old, new, compared)


def _system(subject: str, before: System | None, after: System | None) -> Iterator[Difference]:
    if before is None or after is None:
        if there := before or after:
            yield _whole(
                "system",
                subject,
                Direction.REMOVED if before else Direction.ADDED,
                there.trainer or ", ".join(there.programs),
            )
        return
    compared = {
        "trainer": _changed(before.trainer, after.trainer),
        "program": _program(before.programs, after.programs),
    }
    yield from _fields("system", subject, before, after, compared)
    old, new = ([f"{name}: {recipe}" for name, recipe in one.profiles.items()] for one in (before, after))
    if direction := _profiles(before.profiles, after.profiles):
        yield _system_field(subject, "profiles", direction, shown(old), shown(new))
    if before.full != after.full:
        same = before.full and after.full and before.full.profile == after.full.profile
        steps = [one.full.steps if one.full else 0 for one in (before, after)]
        direction = (of_ranks(*steps) if same else None) or Direction.INCOMPARABLE
        written = [f"{one.full.profile}, {one.full.steps} steps" if one.full else "" for one in (before, after)]
        yield _system_field(subject, "full", direction, *written)


def _program(before: tuple[str, ...], after: tuple[str, ...]) -> Direction | None:
    """One more thing under test takes nothing away; another one in its place does."""
    if set(before) <= set(after):
        return _changed(before, after, Direction.ADDED)
    return _changed(before, after, Direction.REMOVED if set(after) < set(before) else Direction.INCOMPARABLE)


def _profiles(before: Mapping[str, str], after: Mapping[str, str]) -> Direction | None:
    """A further profile takes nothing away; another recipe under an old name does."""
    if before == after:
        return None
    kept = all(after.get(name) == recipe for name, recipe in before.items())
    return Direction.ADDED if kept else Direction.INCOMPARABLE


def _system_field(subject: str, field: str, direction: Direction, before: str, after: str) -> Difference:
    return Difference(part="system", subject=subject, field=field, direction=direction, before=before, after=after)


def _obligations(contract: Contract) -> dict[str, Obligation]:
    """By id; older files leave it out, and then the property names it."""
    found: dict[str, Obligation] = {}
    for one in contract.proof_obligations:
        name = one.id or one.property
        found[name if name not in found else f"{name} ({len(found) + 1})"] = one
    return found


def _obligation(name: str, before: Obligation, after: Obligation) -> Iterator[Difference]:
    if before.tolerance is None or after.tolerance is None:
        tolerance = _changed(before.tolerance, after.tolerance)
    else:
        tolerance = reversed_order(of_ranks(before.tolerance, after.tolerance))
    compared = {
        field: _changed(getattr(before, field), getattr(after, field)) for field in ("type", "property", "formal")
    }
    compared |= {
        "applies_to": _changed(before.applies_to, after.applies_to),
        "tolerance": tolerance,
        "tested_by": of_sets(before.tested_by, after.tested_by),
    }
    return _fields("obligation", name, before, after, compared)


def _equation(name: str, before: Equation, after: Equation) -> Iterator[Difference]:
    compared = {
        field: _changed(getattr(before, field), getattr(after, field)) for field in ("formula", "domain", "codomain")
    }
    compared |= {"invariants": of_sets(before.invariants, after.invariants)}
    return _fields("equation", name, before, after, compared)


def _gate(name: str, before: Gate, after: Gate) -> Iterator[Difference]:
    compared = {
        "rule": _changed(before.rule, after.rule, Direction.REWORDED),
        "claims": of_sets(before.claims, after.claims),
    }
    return _fields("gate", name, before, after, compared)
