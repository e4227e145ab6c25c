"""A run that was made again: what it is made again of, and what the two records say has changed since."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from pv.evidence.bundle import Bundle, Row
from pv.evidence.fields import part

PARTS: Final = ("code", "falsifier", "contract", "data", "config", "seed", "mutant", "packages", "host")
_ABSENT: Final = "absent"
_DEMANDS: Final = ("meaning_digest", "op", "bound", "requires", "mutants")
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing of the set-up that differs between two runs."""

    part: str
    """One of `PARTS`."""

    name: str
    """What it is, e.g. `aprtrain.loss` or `train.learning_rate`."""

    before: str
    """What the earlier run records, as JSON, of a long one the digest; `absent` where it records nothing."""

    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redispatch:
    """What a bundle says of the run that it is made again of."""

    bundle: str
    """Name of the earlier bundle's folder."""

    digest: str
    """Digest of its manifest, hex."""

    changed: tuple[Change, ...]
    """What it says has changed since."""


def changes(before: Bundle, after: Bundle) -> tuple[Change, ...]:
    """Return what differs in the set-up of two runs, by what both record; not what came out, and not when.

    A digest that changed for a module is a change of code, the digest of a claim's falsifier one of that; commits are
    left out, since one may change nothing that ran.
    """
    old, new = dict(_facts(before)), dict(_facts(after))
    return tuple(
        Change(part=key[0], name=key[1], before=old.get(key, _ABSENT), after=new.get(key, _ABSENT))
        for key in {**old, **new}
        if old.get(key, _ABSENT) != new.get(key, _ABSENT)
    )


def same_setup(before: Bundle, after: Bundle) -> bool:
    """Whether nothing was changed that makes two runs two experiments; another machine does not."""
    return all(change.part == "host" for change in changes(before, after))


def stated(bundle: Bundle) -> Redispatch | None:
    """Return what a bundle says it is made again of; None where it says nothing, or nothing that can be read."""
    row = bundle.run.get("redispatch_of")
    if not is_redispatch(row):
        return None
    return Redispatch(
        bundle=row["bundle"], digest=row["digest"], changed=tuple(Change(**change) for change in row["changed"])
    )


def is_redispatch(row: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value of `redispatch_of` names a bundle, its digest and a list of changes, all as text."""
    if not isinstance(row, Mapping) or set(row) != {"bundle", "digest", "changed"}:
        return False
    changed = row["changed"]
    texts = [row["bundle"], row["digest"]]
    for change in changed if isinstance(changed, list) else [None]:
        if not isinstance(change, Mapping) or set(change) != {"part", "name", "before", "after"}:
            return False
        if change["part"] not in PARTS:
            return False
        texts += change.values()
    return all(isinstance(text, str) for text in texts)


def _facts(bundle: Bundle) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield part and name, and the value, of everything that makes up a run's set-up."""
    run, lock = bundle.run, bundle.lock
    yield from _leaves("code", part(run, "trainer", "modules"))
    yield from _claims(lock)
    yield from _leaves("contract", {name: part(lock, "contract").get(name) for name in ("id", "version", "digest")})
    yield from _leaves("data", {"dataset": part(run, "dataset").get("digest")})
    yield from _leaves("data", {"tokenizer": part(bundle.data, "tokenizer").get("digest")})
    splits = part(bundle.data, "splits")
    yield from _leaves("data", {name: part(splits, name).get("digest") for name in splits})
    yield from _leaves("config", {**part(run, "config"), "recipe": part(run, "recipe")})
    yield from _leaves("config", {name: run.get(name) for name in ("profile", "recipe_name", "cases", "planned_steps")})
    yield from _leaves("seed", {"seed": run.get("seed")})
    yield from _leaves("mutant", {"mutant": part(run, "mutant").get("name")})
    yield from _leaves("packages", {**part(run, "packages"), "python": run.get("python")})
    device = {name: part(run, "device").get(name) for name in ("platform", "kind")}
    yield from _leaves("host", {**part(run, "host"), "device": device, "flags": part(run, "flags")})


def _claims(lock: Row) -> Iterator[tuple[tuple[str, str], str]]:
    rows = lock.get("claims")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            name = str(row.get("id"))
            yield from _leaves("contract", {f"{name} {key}": row.get(key) for key in _DEMANDS})
            yield from _leaves("falsifier", {name: [row.get("falsifier"), row.get("falsifier_digest")]})


def _leaves(kind: str, value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[tuple[str, str], str]]:
    """Yield every value that is no mapping, by its dotted name; null says nothing."""
    for key, entry in sorted(value.items()):
        if isinstance(entry, Mapping):
            yield from _leaves(kind, entry, f"{prefix}{key}.")
        elif entry is not None:
            yield (kind, f"{prefix}{key}"), _text(entry)


def _text(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
