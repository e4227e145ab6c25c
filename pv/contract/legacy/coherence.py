"""What the older tool does not look at: whether a file agrees with itself. All of it warns, nothing rejects."""

import re
from collections.abc import Iterator
from typing import Any, Final

from pv.contract.legacy.source import Row, Source
from pv.contract.problem import Path, Problem, did_you_mean, dotted, nearest
from pv.contract.status import LEGACY_STATUS, stated, typed

_TARGETS: Final = frozenset({"all", "scalar", "simd", "converter", "not_applicable"})
_COMMAND: Final = re.compile(
    r"(?:^|\s|`)(?:cargo|pytest|python3?|bash|sh|make|uv|apr|pv|npm|go|lake|\./\S+)\s+\S"
    r"|\b[a-z]\w*::[a-z]\w*|\b(?:test|falsify|prop|verify|bench)_\w+|\btests?/\S+|\bfn \w+\("
)
_CITED: Final = re.compile(r"\b(?:FALSIFY|F|TEST)-[A-Z0-9][A-Z0-9_-]*[0-9]\b")
_COUNTED: Final = re.compile(r"\b[Aa]ll (\d+) (?:falsification|falsifier|falsifiers|tests?\b)")
_DROPPED: Final = ("invariants", "gates", "falsification")


def rules(source: Source) -> Iterator[Problem]:
    """Everything in a file that contradicts the rest of it, or that nothing stands behind."""
    yield from _version(source)
    yield from _inert(source)
    yield from _dropped(source)
    yield from _prose(source)
    yield from _uncited(source)
    yield from _harnesses(source)
    yield from _enforcement(source)
    yield from _gates(source)
    yield from _targets(source)
    yield from _summary(source)
    yield from _criteria(source)
    yield from _repeated(source)
    yield from _statuses(source)


def _version(source: Source) -> Iterator[Problem]:
    version = source.part("metadata").get("version")
    if isinstance(version, int | float):
        said = source.document.plain.get(("metadata", "version"), str(version))
        what = f"version {said} is not quoted: YAML reads the number {version!r}, so that 1.10 and 1.1 are the same"
        yield source.warning("bad-version", ("metadata", "version"), what, f'write "{said}", in quotes')


def _inert(source: Source) -> Iterator[Problem]:
    asserting = ("equations", "proof_obligations", "falsification_tests", "falsification", "invariants", "gates")
    if not any(source.data.get(part) for part in (*asserting, "kani_harnesses", "type_invariants")):
        kind = source.part("metadata").get("kind")
        excuse = f"; kind `{kind[:40]}` is no excuse" if isinstance(kind, str) else ""
        what = f"inert: the file asserts nothing and tests nothing, so nothing could ever refute it{excuse}"
        yield source.warning("inert", (), what, "write down what would refute it, or do not call it a contract")


def _dropped(source: Source) -> Iterator[Problem]:
    for part in _DROPPED:
        if entries := source.listed(part):
            what = f"the older tool drops the {len(entries)} entries of `{part}` without a word; here they are read"
            yield source.warning("dropped-block", (part,), what, key=True)


def _prose(source: Source) -> Iterator[Problem]:
    """Tests that no program carries out."""
    for row in source.rows("falsification_tests"):
        keys = [key for key in ("test", "command", "test_harness", "falsification_test") if row[1].get(key) is not None]
        name = source.text(row, "id")[:120] or dotted(row[0])
        if not keys:
            what = f"{name} names no test: nothing carries it out, so it counts as untested"
            yield source.warning("prose-test", row[0], what, "name the program that carries it out")
        elif not any(_COMMAND.search(source.text(row, key)[:5000]) for key in keys):
            what = f"{name} describes its test in prose: nothing carries it out, so it counts as untested"
            yield source.warning("prose-test", (*row[0], keys[0]), what, "name the program that carries it out")


def _uncited(source: Source) -> Iterator[Problem]:
    """Obligations that no test names: by id, by property, or by the equation that both are about."""
    tests = list(source.rows("falsification_tests"))
    said = "\n".join(str(value) for _, test in tests for value in test.values() if isinstance(value, str | list))[
        :200_000
    ]
    rules = {source.text(row, "rule").strip().lower() for row in tests}
    named = {source.text(row, "id") for row in tests}
    for row in source.rows("proof_obligations"):
        name, text = source.text(row, "id"), source.text(row, "property").strip()
        listed = row[1].get("tested_by")
        cited = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
        for place, one in enumerate(cited):
            if one not in named:
                what = f"`{one[:80]}` is no test of this contract"
                yield source.warning("unknown-claim", (*row[0], "tested_by", place), what, did_you_mean(one, named))
        if not (named & set(cited) or (name and name in said) or text.lower() in rules):
            who = f"{name} ({dotted(row[0])})" if name else dotted(row[0])
            what = f"no test cites obligation {who[:120]}: that there are {len(tests)} tests says nothing about it"
            yield source.warning("uncited-obligation", row[0], what, "name it in the test that tests it, by id")


def _harnesses(source: Source) -> Iterator[Problem]:
    """Kani harnesses that prove an obligation which is not there, or that are no harness."""
    rows = list(source.rows("proof_obligations"))
    known = {source.text(row, key).strip() for row in rows for key in ("id", "property")} - {""}
    known |= set(source.part("equations"))
    for row in source.rows("kani_harnesses"):
        cited = source.text(row, "obligation").strip()
        name = source.text(row, "id")[:120] or dotted(row[0])
        if cited and cited not in known:
            what = f"{name} proves `{cited[:80]}`, which is no obligation of this contract"
            hint = (
                f"did you mean `{near[0][:80]}`?" if (near := nearest(cited, known)) else "cite an obligation by its id"
            )
            yield source.warning("unknown-obligation", (*row[0], "obligation"), what, hint)
        if not source.text(row, "harness").strip():
            what = f"{name} names no harness: nothing proves it"
            yield source.warning("no-harness", row[0], what, "name the function, or delete the entry")


def _enforcement(source: Source) -> Iterator[Problem]:
    named = {source.text(row, "id") for part in ("falsification_tests", "falsification") for row in source.rows(part)}
    for name, entry in source.part("enforcement").items():
        at: Path = ("enforcement", name)
        if not isinstance(entry, dict):
            continue
        for cited in _CITED.findall(source.text((at, entry), "check")[:2000]):
            if cited not in named:
                what = f"the check cites {cited[:80]}, which is no test of this contract"
                yield source.warning("unknown-claim", (*at, "check"), what, did_you_mean(cited, named))


def _gates(source: Source) -> Iterator[Problem]:
    named = {source.text(row, "id") for part in ("falsification_tests", "falsification") for row in source.rows(part)}
    for at, entry in source.rows("gates"):
        for key in ("falsification_id", "claims"):
            listed = entry.get(key)
            for place, cited in enumerate(listed if isinstance(listed, list) else [listed]):
                if isinstance(cited, str) and cited and cited not in named and "/" not in cited:
                    path = (*at, key, place) if isinstance(listed, list) else (*at, key)
                    what = f"the gate rests on {cited[:80]}, which is no test of this contract"
                    yield source.warning("unknown-claim", path, what, did_you_mean(cited, named))


def _targets(source: Source) -> Iterator[Problem]:
    """Obligations about equations, preconditions and phases that are not there."""
    equations = source.part("equations")
    phases = source.part("kernel_structure").get("phases")
    steps = {str(p.get("name")) for p in phases if isinstance(p, dict)} if isinstance(phases, list) else set()
    ids = {source.text(row, "id") for row in source.rows("proof_obligations")}
    for at, entry in source.rows("proof_obligations"):
        for key, known, what in (
            ("applies_to", {*_TARGETS, *equations}, "equation"),
            ("requires", ids, "obligation"),
            ("applies_to_phase", steps, "phase"),
        ):
            cited = entry.get(key)
            if isinstance(cited, str) and cited and cited not in known:
                said = f"{dotted(at)}.{key} is `{cited[:80]}`, which is no {what} of this contract"
                hint = did_you_mean(cited, [str(one) for one in known]) if len(known) < 50 else ""
                yield source.warning(f"unknown-{what}", (*at, key), said, hint)


def _summary(source: Source) -> Iterator[Problem]:
    """Counts that somebody typed, against the file."""
    summary = source.part("verification_summary")
    if not summary:
        return
    rows = list(source.rows("proof_obligations"))
    proofs = [_proof(entry) for _, entry in rows]
    tests, harnesses = len(source.listed("falsification_tests")), len(source.listed("kani_harnesses"))
    exact = {
        "total_obligations": (len(rows), "obligations"),
        "l4_lean_proved": (proofs.count("proved"), "obligations whose Lean proof is said to be done"),
        "l4_sorry_count": (proofs.count("sorry"), "obligations whose Lean proof is a `sorry`"),
        "l4_not_applicable": (proofs.count("none"), "obligations without a Lean proof"),
    }
    at_most = {
        "l2_property_tested": (min(tests, len(rows)), "obligations that a test could be about"),
        "l3_kani_proved": (min(harnesses, len(rows)), "obligations that a Kani harness could be about"),
    }
    for key, (count, what) in {**exact, **at_most}.items():
        said = summary.get(key)
        wrong = (
            isinstance(said, int) and not isinstance(said, bool) and (said > count if key in at_most else said != count)
        )
        if wrong:
            message = f"{key} says {said}, the file has {count} {what}"
            hint = "delete the count: it is typed by hand, and nothing rests on it"
            yield source.warning("count-mismatch", ("verification_summary", key), message, hint)


def _proof(entry: dict[str, Any]) -> str:
    """What is said of an obligation's Lean proof; a proof without a status is a `sorry`."""
    lean = entry.get("lean")
    status = lean.get("status", "sorry") if isinstance(lean, dict) else "none"
    return "none" if status == "not-applicable" else str(status)


def _criteria(source: Source) -> Iterator[Problem]:
    row: Row = (("qa_gate",), source.part("qa_gate"))
    tests = len(source.listed("falsification_tests"))
    for said in _COUNTED.findall(source.text(row, "pass_criteria")[:2000]):
        if int(said[:9]) != tests:
            what = f"the criteria speak of {said[:9]} tests, the file has {tests}"
            yield source.warning(
                "count-mismatch", ("qa_gate", "pass_criteria"), what, "correct it, or leave the number out"
            )


def _repeated(source: Source) -> Iterator[Problem]:
    for part in ("proof_obligations", "gates", "invariants"):
        seen: dict[str, Path] = {}
        for row in source.rows(part):
            if not (name := source.text(row, "id")):
                continue
            if name in seen:
                line, column = source.document.place((*seen[name], "id"))
                what = f"`{name[:80]}` is given twice; first at line {line}, column {column}"
                yield source.warning("duplicate-id", (*row[0], "id"), what, "rename one of them")
            seen.setdefault(name, row[0])


def _statuses(source: Source) -> Iterator[Problem]:
    for path, value, _ in typed(source.data):
        if stated(value) is None:
            near = nearest("_".join(value.upper().replace("-", " ").split())[:60], LEGACY_STATUS)
            what = f"{dotted(path)} says `{value[:60]}`, a word that no table knows: it claims nothing"
            hint = f"did you mean `{near[0]}`?" if near else "delete it: verdicts are derived, never typed"
            yield source.warning("unknown-status", path, what, hint)
