"""The rules that the newer generation of the older tool adds: by kind, and by their codes there."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pv.contract.legacy import kaizen, schema_rules
from pv.contract.legacy.source import Source, has
from pv.contract.legacy.tables import NEW
from pv.contract.problem import Path, Problem, did_you_mean, dotted

_COMPETITORS: Final = (
    "apr-qa-playbook", "autogluon", "burn", "ecosystem", "hf-kernels-community", "huggingface", "linfa",
    "llama_cpp", "mlflow", "none", "ollama", "openclaw", "openclip", "pulp-free-chat", "pytorch", "qwen", "unsloth",
    "vllm",
)  # fmt: skip
_INCUMBENTS: Final = ("scikit-learn", "pytorch", "unsloth", "ollama", "llama.cpp")
_DIRECTIONS: Final = ("higher_is_better", "lower_is_better")
_PLACES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "requires": ("SCHEMA-014", ("postcondition",)),
    "applies_to_phase": ("SCHEMA-015", ("loop_invariant", "loop_variant")),
    "parent_contract": ("SCHEMA-016", ("subcontract",)),
}
_BY_DEFAULT: Final = "no metadata.kind, so it is judged as a kernel"


def kind_of(source: Source) -> str:
    """What sort of contract the file is: kernel where it does not say."""
    part = source.part("metadata")
    kind = part.get("kind") if isinstance(part.get("kind"), str) else "kernel"
    return "registry" if part.get("registry") is True and kind == "kernel" else str(kind)


def rules(source: Source) -> Iterator[Problem]:
    """Every rule of the newer dialect."""
    kind = kind_of(source)
    yield from schema_rules.metadata(source)
    yield from _top_level(source)
    if kind == "kernel":
        yield from _kernel(source)
    yield from schema_rules.obligations(source)
    yield from _contracts(source)
    yield from schema_rules.tests(source)
    yield from schema_rules.harnesses(source)
    if kind == "beat-benchmark":
        yield from _beat(source)
    if kind == "kaizen":
        yield from kaizen.rules(source)
    yield from _intake(source)


def _kernel(source: Source) -> Iterator[Problem]:
    by_default = "" if "kind" in source.part("metadata") else f" ({_BY_DEFAULT})"
    yield from schema_rules.equations(source)
    yield from _provable(source, by_default)
    yield from schema_rules.gate(source)


def _provable(source: Source, by_default: str) -> Iterator[Problem]:
    """PROVABILITY-001: a kernel has obligations, tests and harnesses, and a test an obligation at least."""
    for part in ("proof_obligations", "falsification_tests", "kani_harnesses"):
        if not source.listed(part):
            at: Path = (part,) if part in source.data else ()
            what = f"a kernel contract without {part}{by_default}"
            yield source.error("PROVABILITY-001", at, what, f"add {part}, or say another `metadata.kind`")
    tests, obliged = len(source.listed("falsification_tests")), len(source.listed("proof_obligations"))
    if tests < obliged:
        what = f"{tests} falsification tests for {obliged} obligations{by_default}"
        at = ("falsification_tests",) if tests else ()
        yield source.error("PROVABILITY-001", at, what, "add a test for each obligation")


def _top_level(source: Source) -> Iterator[Problem]:
    """SCHEMA-018 to SCHEMA-020: keys that decide nothing, are nearly right, or are given twice."""
    for key in source.data:
        if key == "kind":
            what = "`kind` at the top level is read by nothing: the kind stands in metadata.kind"
            problem = source.document.problem(
                "SCHEMA-018", (key,), what, "move it under metadata, or delete it", key=True
            )
            yield problem
        elif key not in NEW.fields and (near := _nearly(key)):
            what = f"`{key[:60]}` is not a block of a contract: all below it is dropped"
            yield source.document.problem("SCHEMA-019", (key,), what, f"did you mean `{near}`?", key=True)
    for repeat in source.document.repeats:
        line, column = repeat.place
        yield Problem(
            code="SCHEMA-020",
            severity="error",
            path=source.document.path,
            line=line,
            column=column,
            message=f"key `{repeat.key[:60]}` is given twice, first at line {repeat.first[0]}: one value is lost",
            hint="keep one of them",
        )


def _nearly(key: str) -> str | None:
    return next((_FORMS[form] for form in _forms(key) if form in _FORMS), None)


def _forms(key: str) -> tuple[str, ...]:
    """The key without case and separators, and without a plural's ending."""
    bare = "".join(letter for letter in key.lower() if letter.isascii() and letter.isalnum())
    return bare, bare.removesuffix("es") or bare, bare.removesuffix("s") or bare


_FORMS: Final[Mapping[str, str]] = {form: block for block in reversed([*NEW.fields]) for form in _forms(block)}
"""Every form of every block's name, to the name."""


def _contracts(source: Source) -> Iterator[Problem]:
    """SCHEMA-014 to SCHEMA-017 and 021 to 023: fields of design by contract, where they mean something."""
    depends = source.part("metadata").get("depends_on")
    known = depends if isinstance(depends, list) else []
    for at, entry in source.rows("proof_obligations"):
        kind = entry.get("type")
        for key, (code, kinds) in _PLACES.items():
            if has(entry, key) and kind not in kinds:
                what = f"{dotted(at)}.{key} has no meaning for an obligation of type {str(kind)[:60]}"
                yield source.error(code, (*at, key), what, f"only {' and '.join(kinds)} have it")
        parent = entry.get("parent_contract")
        if parent is not None and kind == "subcontract" and parent not in known:
            what = f"the parent `{str(parent)[:60]}` is not in metadata.depends_on"
            yield source.error("SCHEMA-017", (*at, "parent_contract"), what, "add it there")
        yield from _not_applicable(source, at, entry)


def _not_applicable(source: Source, at: Path, entry: Mapping[str, Any]) -> Iterator[Problem]:
    exempt = entry.get("applies_to") == "not_applicable"
    for key, code, wanted in (
        ("na_reason", "SCHEMA-021", "why it is no property of code"),
        ("na_owner", "SCHEMA-022", "what verifies it instead"),
    ):
        said = entry.get(key)
        if exempt and not str("" if said is None else said).strip():
            what = f"{dotted(at)} is not applicable, and `{key}` does not say {wanted}"
            yield source.error(code, (*at, key), what, f"add `{key}`")
        elif not exempt and said is not None:
            what = f"{dotted(at)}.{key} excuses an obligation that is not exempt"
            yield source.error("SCHEMA-023", (*at, key), what, "delete it, or say `applies_to: not_applicable`")


def _beat(source: Source) -> Iterator[Problem]:
    """BEAT-001 to BEAT-007: a benchmark against an incumbent pins its metric, direction, threshold and gate."""
    if source.data.get("beat") is None:
        yield source.error("BEAT-001", (), "a beat-benchmark contract without a `beat` block", "add it")
        return
    row = (("beat",), source.part("beat"))
    said = {key: source.text(row, key).strip() for key in row[1]}
    threshold = _number(said.get("beat_threshold", ""))
    incumbent = said.get("incumbent", "").lower()
    compute = said.get("approved_compute", "").upper()
    for code, key, held, wanted in (
        (
            "BEAT-002",
            "incumbent",
            any(name in incumbent for name in _INCUMBENTS),
            f"name one of {', '.join(_INCUMBENTS)}",
        ),
        ("BEAT-003", "metric", bool(said.get("metric")), "name what is measured"),
        ("BEAT-004", "direction", said.get("direction") in _DIRECTIONS, f"be {' or '.join(_DIRECTIONS)}"),
        ("BEAT-005", "beat_threshold", threshold is not None, "be a finite number"),
        ("BEAT-006", "ci_gate_name", bool(said.get("ci_gate_name")), "name the test that enforces it"),
        ("BEAT-007", "approved_compute", compute in ("CPU", "GPU"), "be CPU or GPU"),
    ):
        if not held:
            found = f'not "{said[key][:60]}"' if said.get(key) else "and is missing"
            yield source.error(code, ("beat", key), f"beat.{key} must {wanted}, {found}", f"correct `{key}`")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _intake(source: Source) -> Iterator[Problem]:
    """CRUX-001 and CRUX-002: the rank of a story from 1 to 5, and where it was taken from."""
    yield from _story(source, ("metadata",), source.part("metadata"), required=False)
    for at, entry in source.rows("stories"):
        yield from _story(source, at, entry, required=True)


def _story(source: Source, at: Path, entry: Mapping[str, Any], *, required: bool) -> Iterator[Problem]:
    score, competitor = entry.get("demand_score"), entry.get("competitor")
    if (score is None and required) or (isinstance(score, int) and not 1 <= score <= 5):
        what = f"{dotted(at)}.demand_score must be from 1 to 5, not {score if score is not None else 'missing'}"
        yield source.error("CRUX-001", (*at, "demand_score"), what)
    name = str(competitor).strip()
    if (competitor is None and required) or (competitor is not None and name not in _COMPETITORS):
        what = f"{dotted(at)}.competitor is no known source: {name[:60] if competitor is not None else 'missing'}"
        yield source.error("CRUX-002", (*at, "competitor"), what, did_you_mean(name, _COMPETITORS))
