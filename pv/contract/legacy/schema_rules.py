"""The rules SCHEMA-001 to SCHEMA-013 and AUDIT-001 to AUDIT-003 of the older tool, by their codes there."""

from collections.abc import Iterator

from pv.contract.legacy.source import Row, Source
from pv.contract.problem import Path, Problem, dotted


def metadata(source: Source) -> Iterator[Problem]:
    """SCHEMA-001 and SCHEMA-002: what it rests on, and its version."""
    part = source.part("metadata")
    if "metadata" not in source.data:
        return
    if part.get("references") in (None, [], ""):
        what = "metadata.references is empty: the contract cites no source"
        at: Path = ("metadata", "references") if "references" in part else ("metadata",)
        yield source.error("SCHEMA-001", at, what, "name at least one paper, specification or issue")
    if source.has_blank((("metadata",), part), "version"):
        what = "metadata.version is empty"
        yield source.error("SCHEMA-002", ("metadata", "version"), what, 'write it in quotes, e.g. "1.0.0"')


def equations(source: Source) -> Iterator[Problem]:
    """SCHEMA-003 and SCHEMA-004: at least one equation, each with a formula."""
    given = source.data.get("equations")
    if given in (None, {}, "") and (source.newer or "equations" in source.data):
        at: Path = ("equations",) if "equations" in source.data else ()
        hint = "add an equation with its formula"
        yield source.error("SCHEMA-003", at, "equations is empty: the contract defines nothing", hint)
    for name, at, entry in source.equations():
        if isinstance(entry, dict) and source.has_blank((at, entry), "formula"):
            what = f"equation `{name[:60]}` has an empty formula"
            yield source.error("SCHEMA-004", (*at, "formula"), what, "write the formula, or delete the equation")


def obligations(source: Source) -> Iterator[Problem]:
    """SCHEMA-005 and SCHEMA-006: each obligation says what must hold, and says it once."""
    seen: dict[str, Path] = {}
    for at, entry in source.rows("proof_obligations"):
        if source.has_blank((at, entry), "property"):
            what = f"{dotted(at)} has an empty property: it obliges to nothing"
            yield source.error("SCHEMA-005", (*at, "property"), what, "say what must hold")
        formal = source.text((at, entry), "formal")
        if entry.get("formal") is None:
            continue
        if formal in seen:
            line, column = source.document.place((*seen[formal], "formal"))
            what = f"the same `formal` stands at line {line}, column {column}: two obligations, one statement"
            yield source.warning("SCHEMA-006", (*at, "formal"), what, "delete one, or say how they differ")
        seen.setdefault(formal, at)


def tests(source: Source) -> Iterator[Problem]:
    """SCHEMA-007 to SCHEMA-009: ids once, predictions said, and what to do when they fail."""
    yield from _repeated(source, "falsification_tests", "SCHEMA-007", "test")
    for row in source.rows("falsification_tests"):
        at = row[0]
        if source.has_blank(row, "prediction"):
            what = f"{_name(source, row)} predicts nothing, so nothing can refute it"
            yield source.error("SCHEMA-008", (*at, "prediction"), what, "say what will be observed if the rule holds")
        if source.has_blank(row, "if_fails"):
            what = f"{_name(source, row)} does not say what to do when it fails"
            yield source.warning("SCHEMA-009", (*at, "if_fails"), what, "name the likely cause")


def harnesses(source: Source) -> Iterator[Problem]:
    """SCHEMA-010 to SCHEMA-012: ids once, the obligation that is proved, and the bound of the proof."""
    yield from _repeated(source, "kani_harnesses", "SCHEMA-010", "Kani harness")
    for row in source.rows("kani_harnesses"):
        at, entry = row
        if source.has_blank(row, "obligation"):
            what = f"{_name(source, row)} names no obligation, so it proves nothing that was claimed"
            yield source.error("SCHEMA-011", (*at, "obligation"), what, "name the obligation")
        if entry.get("bound") is None:
            what = f"{_name(source, row)} gives no bound, which bounded model checking needs"
            yield source.warning("SCHEMA-012", (*at, "bound"), what, "add `bound:`")


def gate(source: Source) -> Iterator[Problem]:
    """SCHEMA-013: a gate for quality."""
    if source.data.get("qa_gate") is None:
        at: Path = ("qa_gate",) if "qa_gate" in source.data else ()
        yield source.warning("SCHEMA-013", at, "no qa_gate: nothing says when the contract is good enough")


def audit(source: Source) -> Iterator[Problem]:
    """AUDIT-001 and AUDIT-003; AUDIT-002 finds what SCHEMA-011 finds, and is told once."""
    if not source.listed("falsification_tests"):
        at: Path = ("falsification_tests",) if "falsification_tests" in source.data else ()
        what = "no falsification test: nothing in this file can refute it"
        yield source.warning("AUDIT-001", at, what, "add a test with a prediction that could turn out false")
    if source.data.get("equations") and not source.listed("proof_obligations"):
        what = "equations are defined, but nothing is obliged to hold of them"
        yield source.warning("AUDIT-003", ("equations",), what, "add proof_obligations", key=True)


def _repeated(source: Source, part: str, code: str, what: str) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for at, entry in source.rows(part):
        if "id" not in entry or type(entry["id"]) in (dict, list):
            continue
        name = source.text((at, entry), "id")
        if name in seen:
            line, column = source.document.place((*seen[name], "id"))
            said = f"{what} `{name[:80]}` is given twice; first at line {line}, column {column}"
            yield source.error(code, (*at, "id"), said, "rename one of them")
        seen.setdefault(name, at)


def _name(source: Source, row: Row) -> str:
    return source.text(row, "id")[:120] or dotted(row[0])
