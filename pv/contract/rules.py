"""What must hold inside one contract beyond the shape of its parts.

The rules read the parsed document, not the models, so that they speak even where a part has the wrong shape.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pv.contract.bounds import UNITS, names
from pv.contract.problem import Path, Problem, did_you_mean, dotted
from pv.contract.reader import Document, entries, texts
from pv.errors import ContractError

_MEASURED: Final = ("requires", "measure", "op", "bound")
_CLAIMS: Final = "falsification_tests"


def check(document: Document) -> Iterator[Problem]:
    """Every rule that a contract of our own schema breaks."""
    if document.data["pv"] is None:
        yield document.problem("bad-value", ("pv",), "pv must be 1, not nothing", 'write `pv: "1"`, in quotes')
    yield from repeated_ids(document)
    yield from _citations(document)
    yield from _system(document)
    for index, claim in entries(document.data, _CLAIMS):
        for rule in _CLAIM_RULES:
            yield from rule(document, (_CLAIMS, index), claim)
    if not any(entries(document.data, _CLAIMS)):
        hint = "write down what would refute it; a planned claim may do without a measure"
        yield document.problem("inert", (), "no claim: nothing can refute this contract", hint, severity="warning")


def repeated_ids(document: Document) -> Iterator[Problem]:
    """Ids and aliases that are given twice inside one part of the contract."""
    for part in (_CLAIMS, "proof_obligations", "gates"):
        seen: dict[str, Path] = {}
        for path, name in _identifiers(document.data, part):
            if name in seen:
                line, column = document.place(seen[name])
                what = f"`{name[:80]}` is given twice; first at line {line}, column {column}"
                yield document.problem("duplicate-id", path, what, "rename one of them")
            seen.setdefault(name, path)


def _identifiers(data: Any, part: str) -> Iterator[tuple[Path, str]]:
    """Ids first, so that an alias that repeats an id is the one at fault."""
    for index, entry in entries(data, part):
        if isinstance(entry.get("id"), str):
            yield (part, index, "id"), entry["id"]
    for index, entry in entries(data, part):
        for place, alias in texts(entry, "aliases"):
            yield (part, index, "aliases", place), alias


def _citations(document: Document) -> Iterator[Problem]:
    """Obligations and gates that cite claims which do not exist here."""
    known = {name for _, name in _identifiers(document.data, _CLAIMS)}
    for part, key in (("proof_obligations", "tested_by"), ("gates", "claims")):
        for index, entry in entries(document.data, part):
            for place, cited in texts(entry, key):
                if cited not in known and not (part == "gates" and "/" in cited):
                    path = (part, index, key, place)
                    what = f"`{cited[:80]}` is no claim of this contract"
                    yield document.problem("unknown-claim", path, what, did_you_mean(cited, known))


def _system(document: Document) -> Iterator[Problem]:
    system = document.data.get("system")
    required = [claim.get("requires") for _, claim in entries(document.data, _CLAIMS) if not claim.get("planned")]
    if system is None and ("integration" in required or "live" in required):
        hint = "add `system: {trainer: …, profiles: {cpu: …}}`, or `{program: …}` where commands are under test"
        yield document.problem("missing-key", (), "claims are measured on runs, but no `system` is named", hint)
    if not isinstance(system, dict):
        return
    yield from _parts_of_system(document, system, required)
    full, profiles = system.get("full"), system.get("profiles")
    if full is None and "live" in required:
        hint = "add `full: {profile: …, steps: …}`; until then no evidence reaches that level"
        what = "a claim requires live, but no full run is described"
        yield document.problem("live-unreachable", ("system",), what, hint, key=True, severity="warning")
    profile = full.get("profile") if isinstance(full, dict) else None
    if isinstance(profile, str) and isinstance(profiles, dict) and profile not in profiles:
        what = f"`{profile[:80]}` is no profile of this system"
        yield document.problem("unknown-profile", ("system", "full", "profile"), what, did_you_mean(profile, profiles))


def _parts_of_system(document: Document, system: Mapping[str, Any], required: list[Any]) -> Iterator[Problem]:
    """A system is a trainer with profiles, a program, or both; only a trainer's run can be live."""
    at, trainer = ("system",), system.get("trainer") is not None
    if trainer and not system.get("profiles"):
        yield document.problem("missing-key", at, "the trainer lacks `profiles`", "add `profiles: {cpu: …}`", key=True)
    elif not trainer and (other := next((key for key in ("profiles", "full") if key in system), None)):
        what = f"`{other}` has no meaning without a `trainer`"
        yield document.problem("missing-key", at, what, "add `trainer: …`, or leave it out", key=True)
    elif not trainer and system.get("program") is None:
        hint = "add `trainer: …` and `profiles: …`, or `program: …`"
        yield document.problem("missing-key", at, "system names neither a trainer nor a program", hint, key=True)
    elif not trainer and "live" in required:
        what = "a claim requires live, but no trainer is named: a program's processes are integration at most"
        yield document.problem("missing-key", at, what, "add `trainer: …` and `profiles: …`", key=True)


def _measured(document: Document, at: Path, claim: Mapping[str, Any]) -> Iterator[Problem]:
    """A claim that is not planned says what is measured, how it compares, and how real the run must be."""
    lacking = [key for key in _MEASURED if claim.get(key) is None]
    if lacking and claim.get("planned") is not True:
        what = f"{_name(at, claim)} lacks {', '.join(f'`{key}`' for key in lacking)}"
        yield document.problem("missing-key", at, what, "add them, or say `planned: true`")


def _units(document: Document, at: Path, claim: Mapping[str, Any]) -> Iterator[Problem]:
    units: dict[str, Any] = {}
    for key in ("measure", "plausible"):
        part = claim.get(key)
        units[key] = part.get("unit") if isinstance(part, dict) else None
        if isinstance(units[key], str) and units[key] not in UNITS:
            what = f"`{units[key][:80]}` is no known unit"
            yield document.problem("unknown-unit", (*at, key, "unit"), what, did_you_mean(units[key], UNITS))
    if None not in units.values() and units["measure"] != units["plausible"]:
        what = f"the plausible band is in {units['plausible']}, the measure in {units['measure']}"
        yield document.problem("unit-mismatch", (*at, "plausible", "unit"), what, "write both in the same unit")


def _band(document: Document, at: Path, claim: Mapping[str, Any]) -> Iterator[Problem]:
    band = claim.get("plausible")
    low, high = (band.get("low"), band.get("high")) if isinstance(band, dict) else (None, None)
    if isinstance(low, int | float) and isinstance(high, int | float) and low >= high:
        what = f"the plausible band from {low:g} to {high:g} is empty"
        yield document.problem("empty-band", (*at, "plausible"), what, "low must be below high", key=True)


def _bound(document: Document, at: Path, claim: Mapping[str, Any]) -> Iterator[Problem]:
    bound = claim.get("bound")
    try:
        names(bound if isinstance(bound, str) else 0)
    except ContractError as error:
        yield document.problem("bad-expression", (*at, "bound"), f"{error.where}: {error.what}", error.fix)


def _index(document: Document, at: Path, claim: Mapping[str, Any]) -> Iterator[Problem]:
    measure = claim.get("measure")
    if not isinstance(measure, dict):
        return
    if measure.get("reduce") == "at" and measure.get("index") is None:
        what = "`reduce: at` lacks the `index` of the entry it takes"
        yield document.problem("missing-key", (*at, "measure"), what, "add `index: 0` or another", key=True)
    if measure.get("reduce") != "at" and measure.get("index") is not None:
        what = f"`index` has no meaning with `reduce: {str(measure.get('reduce'))[:40]}`"
        yield document.problem("unused-key", (*at, "measure", "index"), what, "leave it out, or say `reduce: at`")


def _repeats(document: Document, at: Path, claim: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("below", "counter_example_classes"):
        seen: set[str] = set()
        for place, word in texts(dict(claim), key):
            if word in seen:
                yield document.problem("duplicate-entry", (*at, key, place), f"`{word[:80]}` is listed twice")
            seen.add(word)


def _name(at: Path, claim: Mapping[str, Any]) -> str:
    return claim["id"][:120] if isinstance(claim.get("id"), str) else dotted(at)


_CLAIM_RULES: Final[tuple[Callable[[Document, Path, Mapping[str, Any]], Iterator[Problem]], ...]] = (
    _measured,
    _units,
    _band,
    _bound,
    _index,
    _repeats,
)
