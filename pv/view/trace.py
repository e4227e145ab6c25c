"""The evidence of every claim, coverage by link, and what a query found."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pv.trace import Coverage, Entry, Kind, Traced, bundle_date, contract_name, deciding_bundle
from pv.verdict import ClaimVerdict, ContractVerdict
from pv.view.json import SCHEMA_VERSION, Payload, summary
from pv.view.layout import Cell, Screen, clean, count, grid, header, paint
from pv.view.text import TONES, denominator, levels, short_name, summary_line, worst_first

_KINDS: Final = (Kind.EQUATION, Kind.OBLIGATION, Kind.CLAIM)
_NOTHING: Final = "nothing to cover"


def status_text(verdicts: Sequence[ContractVerdict], screen: Screen) -> str:
    """A table a contract: claim, verdict, level, the evidence that decides it and its date."""
    titles = header("claim", "verdict", "level/required", "evidence", "date")
    lines = []
    for verdict in verdicts:
        rows = [_status_row(claim) for claim in worst_first(verdict.claims)]
        stamp = paint(verdict.stamp, TONES[verdict.stamp], screen)
        lines.append(f"{stamp}  {clean(contract_name(verdict))}  {denominator(verdict.claims)}")
        lines += [*grid([titles, *rows] if rows else [], screen, indent=2), ""]
    return "\n".join([*lines, summary_line(verdicts)])


def status_payload(verdicts: Sequence[ContractVerdict]) -> Payload:
    """What `pv status --format json` prints: the rows of the table, and the denominators."""
    claims = [
        {
            "contract": contract_name(contract),
            "claim": verdict.claim.id,
            "aliases": list(verdict.claim.aliases),
            "verdict": verdict.verdict.value,
            "level": verdict.level,
            "requires": verdict.claim.requires,
            "bundle": bundle.bundle.as_posix() if bundle else None,
            "date": (bundle and bundle_date(bundle.bundle)) or None,
        }
        for contract in verdicts
        for verdict in contract.claims
        for bundle in (deciding_bundle(verdict),)
    ]
    return {"schema_version": SCHEMA_VERSION, "claims": claims, "summary": summary(verdicts)}


def _status_row(verdict: ClaimVerdict) -> list[Cell]:
    bundle = deciding_bundle(verdict)
    return [
        Cell(short_name(verdict.claim)),
        Cell(verdict.verdict, TONES[verdict.verdict]),
        Cell(levels(verdict)),
        Cell(bundle.bundle.name if bundle else "-"),
        Cell((bundle and bundle_date(bundle.bundle)) or "-"),
    ]


def coverage_text(covered: Sequence[Coverage], screen: Screen) -> str:
    """A table of what is linked to fresh evidence, then every part that is not, and where its chain breaks."""
    titles = header("contract", "equations", "obligations", "claims")
    rows = [[Cell(one.contract), *(_share(one.of(kind), one) for kind in _KINDS)] for one in covered]
    whole = [traced for one in covered for traced in one.traced]
    total = [_tally([one for one in whole if one.kind is kind]) for kind in _KINDS]
    table = grid([titles, *rows, [Cell("all"), *total]] if len(rows) > 1 else [titles, *rows], screen)
    short = {part.name: part.alias for part in whole if part.alias}
    gaps = [line for one in covered for line in _gaps(one, short, screen)]
    return "\n".join([*table, *gaps, "", _sentence(covered)])


def _share(traced: Sequence[Traced], owner: Coverage) -> Cell:
    return _tally(traced) if owner.readable else Cell("not readable", "red")


def _tally(traced: Sequence[Traced]) -> Cell:
    if not traced:
        return Cell(_NOTHING, "dim")
    linked = sum(one.linked for one in traced)
    return Cell(f"{linked} of {len(traced)}", "green" if linked == len(traced) else "yellow")


def _gaps(covered: Coverage, short: Mapping[str, str], screen: Screen) -> list[str]:
    broken = [one for one in covered.traced if not one.linked]
    if not broken:
        return []
    rows = [
        [Cell(one.kind), Cell(short.get(one.name, one.name)), Cell(said)]
        for one in broken
        for said in _told(one, short)
    ]
    title = f"{clean(covered.contract)}: {count(len(broken), 'part')} without a chain to fresh evidence"
    return ["", paint(title, "bold", screen), *grid(rows, screen, indent=2)]


def _told(traced: Traced, short: Mapping[str, str]) -> Iterator[str]:
    """Why, in one line a reason: several claims that lack the same are told together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in traced.breaks:
        groups.setdefault((one.code, one.message), []).append(short.get(one.at, one.at))
    for (code, message), places in groups.items():
        own = places == [short.get(traced.name, traced.name)]
        yield f"{code}: {message}" + ("" if own else f", at {', '.join(places)}")


def _sentence(covered: Sequence[Coverage]) -> str:
    parts = [one for contract in covered for one in contract.traced]
    if not parts:
        return f"{count(len(covered), 'contract')}, {_NOTHING}"
    linked = sum(one.linked for one in parts)
    unread = sum(not one.readable for one in covered)
    tail = f"; {count(unread, 'file')} not readable" if unread else ""
    return f"{count(len(covered), 'contract')}, {linked} of {count(len(parts), 'part')} linked to fresh evidence{tail}"


def coverage_payload(covered: Sequence[Coverage]) -> Payload:
    """What `pv coverage --format json` prints; a share of nothing is null."""
    whole = [traced for one in covered for traced in one.traced]
    return {
        "schema_version": SCHEMA_VERSION,
        "contracts": [
            {
                "id": one.contract,
                "path": one.path.as_posix(),
                "readable": one.readable,
                **_numbers(one.traced),
                "parts": [_part(traced) for traced in one.traced],
            }
            for one in covered
        ],
        "summary": {"contracts": len(covered), **_numbers(whole)},
    }


def _numbers(traced: Sequence[Traced]) -> dict[str, Payload]:
    groups = {f"{kind}s": [one for one in traced if one.kind is kind] for kind in _KINDS}
    return {
        name: {
            "linked": sum(one.linked for one in group),
            "total": len(group),
            "share": sum(one.linked for one in group) / len(group) if group else None,
        }
        for name, group in groups.items()
    }


def _part(traced: Traced) -> Payload:
    breaks = [{"at": one.at, "code": one.code, "message": one.message} for one in traced.breaks]
    return {"kind": traced.kind.value, "name": traced.name, "linked": traced.linked, "breaks": breaks}


def query_text(entries: Sequence[Entry], screen: Screen) -> str:
    """A table of what was found."""
    titles = header("kind", "name", "verdict", "level/required", "falsifier", "text")
    table = grid([titles, *map(_entry_row, entries)], screen) if entries else []
    kinds: Mapping[Kind, int] = {kind: sum(one.kind is kind for one in entries) for kind in _KINDS}
    found = ", ".join(count(number, kind.value) for kind, number in kinds.items() if number)
    return "\n".join([*table, *([""] if table else []), f"found {found or 'nothing'}"])


def _entry_row(entry: Entry) -> list[Cell]:
    if entry.verdict is None:
        return [Cell(entry.kind), Cell(entry.name), Cell("-"), Cell("-"), Cell("-"), Cell(entry.text)]
    return [
        Cell(entry.kind),
        Cell(next(iter(entry.aliases), entry.name)),
        Cell(entry.verdict, TONES[entry.verdict]),
        Cell(f"{entry.level or '-'}/{entry.requires or '-'}"),
        Cell(entry.falsifier or "unbound"),
        Cell(entry.text),
    ]


def query_payload(entries: Sequence[Entry]) -> Payload:
    """What `pv query --format json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "found": [
            {
                "kind": entry.kind.value,
                "contract": entry.contract,
                "name": entry.name,
                "aliases": list(entry.aliases),
                "tags": list(entry.tags),
                "verdict": entry.verdict,
                "level": entry.level,
                "requires": entry.requires or None,
                "falsifier": entry.falsifier or None,
                "text": entry.text,
            }
            for entry in entries
        ],
    }
