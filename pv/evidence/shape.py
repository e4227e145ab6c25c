"""The least that the compulsory parts of a bundle must look like, so that later stages may rely on it."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from pv.evidence import numeric
from pv.evidence.bundle import Bundle, Fault
from pv.evidence.fields import NON_FINITE
from pv.evidence.numeric import mistyped
from pv.evidence.redispatch import is_redispatch

OUTCOMES = ("survived", "refuted", "inconclusive")

READ = frozenset({"worst", "counterexample"})
MEASURED = READ | {"nearest_margin", "loss", "grad_norm"}
"""Fields of a reading, which may be NaN or infinite."""


def shape_faults(bundle: Bundle) -> tuple[Fault, ...]:
    """Return an `unreadable-evidence` fault for each field of the record that has the wrong type.

    What passes: numbers are numbers, and finite but for readings; `lock["claims"]` is a list of objects with text `id`
    and `meaning_digest`; `run` says its `profile`, a whole `exit_code` and a text `exit_reason` if any, its `trainer`
    with a text digest for each module, and whether a `mutant` was planted; attack rows have a text `law` and a known
    `outcome`, and a reading where they survived; rows of processes have a text `claim`, `law` and `module`; rows of
    imports name a `judge` and its `modules`.
    """
    parts = {
        "raw/data.json": chain(_finite(bundle.data), mistyped(bundle.data, numeric.DATA)),
        "raw/metrics.jsonl": chain(
            _finite_rows(bundle.metrics, MEASURED), _mistyped_rows(bundle.metrics, numeric.METRICS)
        ),
        "raw/evals.jsonl": chain(_finite_rows(bundle.evals), _mistyped_rows(bundle.evals, numeric.EVALS)),
        "raw/reported.jsonl": _mistyped_rows(bundle.reported, numeric.REPORTED),
        "raw/claim.lock.json": _lock(bundle.lock),
        "raw/run.json": _run(bundle.run),
        "raw/mutant.patch": _patch(bundle),
        "raw/processes.jsonl": _processes(bundle.processes),
        "raw/imports.jsonl": _imports(bundle.imports),
        **{f"raw/attacks/{name}.jsonl": _attacks(rows) for name, rows in bundle.attacks.items()},
    }
    return tuple(
        Fault(rule="unreadable-evidence", file=file, message=message)
        for file, messages in parts.items()
        for message in messages
    )


def _lock(lock: Mapping[str, Any]) -> Iterator[str]:
    yield from _version(lock)
    claims = lock.get("claims")
    if not isinstance(claims, list) or not claims:
        yield f"claims is {_kind(claims)}, expected at least one" if claims != [] else "claims is empty"
        return
    for at, claim in enumerate(claims):
        if not isinstance(claim, Mapping):
            yield f"claims[{at}] is {_kind(claim)}, expected an object"
            continue
        for key in ("id", "meaning_digest"):
            if not isinstance(claim.get(key), str):
                yield f"claims[{at}].{key} is {_kind(claim.get(key))}, expected text"
        if not _is_names(claim.get("mutants", [])):
            yield f"claims[{at}].mutants is {_kind(claim['mutants'])}, expected a list of names"


def _run(run: Mapping[str, Any]) -> Iterator[str]:
    yield from _version(run)
    if not isinstance(run.get("profile"), str):
        yield f"profile is {_kind(run.get('profile'))}, expected text"
    mutant = run.get("mutant", ...)
    if mutant is not None and not (isinstance(mutant, Mapping) and isinstance(mutant.get("name"), str)):
        yield f"mutant is {_kind(mutant)}, expected null or an object with a name"
    trainer = run.get("trainer")
    modules = trainer.get("modules") if isinstance(trainer, Mapping) else None
    if not isinstance(modules, Mapping) or not all(isinstance(digest, str) for digest in modules.values()):
        yield f"trainer.modules is {_kind(modules)}, expected a text digest for each module"
    oracles = run.get("oracles", {})
    if not isinstance(oracles, Mapping) or not all(_is_names(reached) for reached in oracles.values()):
        yield f"oracles is {_kind(oracles)}, expected a list of names for each oracle"
    status = run.get("exit_code")
    if status is not None and (not isinstance(status, int) or isinstance(status, bool)):
        yield f"exit_code is {_kind(status)}, expected a whole number"
    reason = run.get("exit_reason")
    if reason is not None and not isinstance(reason, str):
        yield f"exit_reason is {_kind(reason)}, expected text"
    if run.get("redispatch_of") is not None and not is_redispatch(run["redispatch_of"]):
        yield "redispatch_of names no bundle, digest and list of changes, all as text"
    yield from _finite(run)
    yield from mistyped(run, numeric.RUN)
    for key in ("config", "device", "recipe"):
        if not isinstance(run.get(key, {}), Mapping):
            yield f"{key} is {_kind(run[key])}, expected an object"


def _patch(bundle: Bundle) -> Iterator[str]:
    """A planted fault is named in the run record exactly where its patch lies in the bundle."""
    if bool(bundle.patch) != bool(bundle.run.get("mutant")):
        yield (
            "the run record names no mutant, but here is a patch" if bundle.patch else "the mutant's patch is missing"
        )


def _attacks(rows: tuple[Mapping[str, Any], ...]) -> Iterator[str]:
    for at, row in enumerate(rows, 1):
        if not isinstance(row.get("law"), str):
            yield f"line {at}: law is {_kind(row.get('law'))}, expected text"
        if row.get("outcome") not in OUTCOMES:
            found = str(row.get("outcome"))[:40]
            yield f"line {at}: outcome is {found!r}, expected one of {', '.join(OUTCOMES)}"
        if row.get("worst") == "-Infinity":
            yield f"line {at}: worst is -Infinity, expected the largest of the readings, or null"
        if row.get("outcome") == "survived" and row.get("worst") is None:
            yield f"line {at}: it survived without a reading"
        yield from (f"line {at}: {what}" for what in mistyped(row, numeric.ATTACKS))
        margin = MEASURED if str(row.get("worst")) in NON_FINITE else READ
        yield from (f"line {at}: {what}" for what in _finite(row, margin))


def _processes(rows: tuple[Mapping[str, Any], ...]) -> Iterator[str]:
    for at, row in enumerate(rows, 1):
        for key in ("claim", "law", "module"):
            if not isinstance(row.get(key), str):
                yield f"line {at}: {key} is {_kind(row.get(key))}, expected text"
        yield from (f"line {at}: {what}" for what in mistyped(row, numeric.PROCESSES))


def _imports(rows: tuple[Mapping[str, Any], ...]) -> Iterator[str]:
    for at, row in enumerate(rows, 1):
        if not isinstance(row.get("judge"), str):
            yield f"line {at}: judge is {_kind(row.get('judge'))}, expected text"
        if not _is_names(row.get("modules")):
            yield f"line {at}: modules is {_kind(row.get('modules'))}, expected a list of names"


def _mistyped_rows(rows: tuple[Mapping[str, Any], ...], fields: Mapping[str, Any]) -> Iterator[str]:
    for at, row in enumerate(rows, 1):
        yield from (f"line {at}: {what}" for what in mistyped(row, fields))


def _finite_rows(rows: tuple[Mapping[str, Any], ...], but: frozenset[str] = frozenset()) -> Iterator[str]:
    for at, row in enumerate(rows, 1):
        yield from (f"line {at}: {what}" for what in _finite(row, but))


def _finite(part: Mapping[str, Any], but: frozenset[str] = frozenset()) -> Iterator[str]:
    """What is counted or set is a finite number; only what was measured may be another, and is then refuted."""
    for key, value in part.items():
        if key in but:
            continue
        if isinstance(value, Mapping):
            yield from (f"{key}.{what}" for what in _finite(value))
        elif isinstance(value, str) and value in NON_FINITE:
            yield f"{key} is {value}, expected a finite number"


def _version(part: Mapping[str, Any]) -> Iterator[str]:
    if part.get("schema_version") != "1":
        yield f"schema_version is {str(part.get('schema_version'))[:40]!r}, expected '1'"


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _kind(value: Any) -> str:
    return "missing" if value is None or value is ... else type(value).__name__
