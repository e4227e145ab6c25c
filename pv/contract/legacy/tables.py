"""The structures of both generations of the older tool, field by field.

Sources: paiml/provable-contracts of February 2026 for the older dialect; for the newer one paiml/aprender,
crates/aprender-contracts.
"""

from collections.abc import Mapping
from typing import Final, get_args

from pv.contract.legacy.shape import Shape
from pv.contract.model import ObligationType

OBLIGATION_TYPES: Final[tuple[str, ...]] = get_args(ObligationType)
OLD_OBLIGATION_TYPES: Final = OBLIGATION_TYPES[:12]
KINDS: Final = (
    "kernel", "registry", "model-family", "model-family-variant", "tokenizer", "training-loop",
    "pretraining-corpus", "training-precondition-gate", "corpus-assembly", "pattern", "schema",
    "beat-benchmark", "kaizen",
)  # fmt: skip

_TEXT: Final = Shape("text")
_SAID: Final = Shape("text", required=True)
_MAYBE: Final = Shape("text", optional=True)
_ANY: Final = Shape("any")
_TEXTS: Final = Shape("list", of=_TEXT)
_COUNT: Final = Shape("count")


def _words(*words: str, required: bool = False, optional: bool = False) -> Shape:
    return Shape("word", required=required, optional=optional, words=frozenset(words))


def _part(fields: Mapping[str, Shape], known: str = "", spellings: Mapping[str, str] | None = None) -> Shape:
    return Shape("part", fields=fields, known=frozenset(known.split()), spellings=spellings or {})


def _need(shape: Shape) -> Shape:
    return Shape(shape.kind, True, of=shape.of, fields=shape.fields, known=shape.known, spellings=shape.spellings)


def _perhaps(shape: Shape) -> Shape:
    return Shape(shape.kind, optional=True, fields=shape.fields, known=shape.known, spellings=shape.spellings)


_LEAN: Final = _part(
    {
        "theorem": _SAID, "module": _MAYBE, "status": _words("proved", "sorry", "wip", "not-applicable"),
        "depends_on": _TEXTS, "mathlib_imports": _TEXTS, "notes": _MAYBE,
    }
)  # fmt: skip
_KERNEL: Final = _part(
    {"phases": _need(Shape("list", of=_part({"name": _SAID, "description": _SAID, "invariant": _MAYBE})))}
)
_ENFORCEMENT: Final = _part({"description": _SAID, "check": _MAYBE, "severity": _MAYBE, "reference": _MAYBE})
_HARNESS: Final = _part(
    {
        "id": _SAID, "obligation": _SAID, "property": _MAYBE, "bound": Shape("count", optional=True),
        "strategy": _words("exhaustive", "stub_float", "compositional", "bounded_int", optional=True),
        "solver": _MAYBE, "harness": _MAYBE,
    },
    known="unwind notes status description",
)  # fmt: skip
_QA_GATE: Final = _part(
    {
        "id": _SAID, "name": _SAID, "description": _MAYBE, "checks": _TEXTS, "pass_criteria": _MAYBE,
        "falsification": _MAYBE,
    },
    known="min_coverage max_complexity required_tests",
)  # fmt: skip
_SUMMARY: Final = _part(
    {
        "total_obligations": Shape("count", required=True), "l2_property_tested": _COUNT, "l3_kani_proved": _COUNT,
        "l4_lean_proved": _COUNT, "l4_sorry_count": _COUNT, "l4_not_applicable": _COUNT,
    },
    known="status target_level current_level proven tested",
)  # fmt: skip
_METADATA: Final[Mapping[str, Shape]] = {
    "version": _SAID, "created": _MAYBE, "author": _MAYBE, "description": _SAID, "references": _TEXTS,
    "depends_on": _TEXTS,
}  # fmt: skip
_METADATA_KNOWN: Final = (
    "changelog competitor demand_score enforcement_level id intake_status kind locked_level parent_contracts "
    "peer_contracts registry status updated verification_level verification_command"
)
_EQUATION: Final[Mapping[str, Shape]] = {"formula": _SAID, "domain": _MAYBE, "codomain": _MAYBE, "invariants": _TEXTS}
_EQUATION_KNOWN: Final = "preconditions postconditions lean_theorem float_tolerance assumes guarantees"
_OBLIGATION: Final[Mapping[str, Shape]] = {
    "type": _words(*OLD_OBLIGATION_TYPES, required=True), "property": _SAID, "formal": _MAYBE,
    "tolerance": Shape("number", optional=True), "applies_to": Shape("word", optional=True), "lean": _perhaps(_LEAN),
}  # fmt: skip
_OBLIGATION_KNOWN: Final = "id requires applies_to_phase parent_contract na_reason na_owner tested_by"
_TEST: Final[Mapping[str, Shape]] = {
    "id": _SAID, "rule": _SAID, "prediction": _SAID, "test": _MAYBE, "if_fails": _SAID,
}  # fmt: skip
_TEST_KNOWN: Final = (
    "aliases command counter_example_classes description dimensions evidence expected fails_if name ship_blocking "
    "status test_harness obligation obligations tests"
)
_ROOT_KNOWN: Final = (
    "beat contract contract_id coq_spec entity evidence falsification gates hypotheses invariants kaizen name refines "
    "relations status stories type_invariants valid_under version references summary motivation"
)

OLD: Final = _part(
    {
        "metadata": _need(_part(_METADATA, _METADATA_KNOWN)),
        "equations": _need(Shape("table", of=_part(_EQUATION, _EQUATION_KNOWN))),
        "proof_obligations": Shape("list", of=_part(_OBLIGATION, _OBLIGATION_KNOWN)),
        "kernel_structure": _perhaps(_KERNEL),
        "simd_dispatch": Shape("table", of=Shape("table", of=_TEXT)),
        "enforcement": Shape("table", of=_ENFORCEMENT),
        "falsification_tests": Shape("list", of=_part(_TEST, _TEST_KNOWN)),
        "kani_harnesses": Shape("list", of=_HARNESS),
        "qa_gate": _perhaps(_QA_GATE),
        "verification_summary": _perhaps(_SUMMARY),
    },
    _ROOT_KNOWN,
)
"""The contract of the older dialect."""

_NEW_METADATA: Final = _part(
    {
        **_METADATA, "registry": Shape("flag"), "kind": _words(*KINDS), "locked_level": _MAYBE,
        "enforcement_level": _words("basic", "standard", "strict", "proven", optional=True),
        "competitor": _MAYBE, "demand_score": Shape("integer", optional=True), "intake_status": _MAYBE,
    },
    _METADATA_KNOWN,
)  # fmt: skip
_NEW_EQUATION: Final = _part(
    {
        **_EQUATION, "preconditions": _TEXTS, "postconditions": _TEXTS, "lean_theorem": _MAYBE,
        "float_tolerance": Shape("number", optional=True), "assumes": _ANY, "guarantees": _ANY,
    }
)  # fmt: skip
_NEW_OBLIGATION: Final = _part(
    {
        **_OBLIGATION, "type": _words(*OBLIGATION_TYPES, required=True), "id": _MAYBE, "requires": _MAYBE,
        "applies_to_phase": _MAYBE, "parent_contract": _MAYBE, "na_reason": _MAYBE, "na_owner": _MAYBE,
    },
    _OBLIGATION_KNOWN,
)  # fmt: skip
SPELLINGS: Final[Mapping[str, str]] = {
    "description": "rule", "expected": "prediction", "command": "test", "fails_if": "if_fails",
}  # fmt: skip
"""Names of a test's fields in files of before, to the field."""

_INVARIANT: Final = _part({"name": _SAID, "type": _SAID, "predicate": _SAID, "description": _MAYBE})
_COQ: Final = _part({"module": _SAID, "imports": _TEXTS}, "definitions obligations theorems lemmas")
_BEAT: Final = _part(
    {
        "incumbent": _TEXT, "metric": _TEXT, "direction": _TEXT, "ci_gate_name": _TEXT,
        "beat_threshold": Shape("number", optional=True), "approved_compute": _MAYBE,
    },
    "pillar incumbent_pinned canonical_task baseline_value baseline_floor baseline_sourced_date",
)  # fmt: skip
_STORY: Final = _part(
    {"id": _SAID, "demand_score": Shape("integer", optional=True), "competitor": _MAYBE},
    "title status persona category job evidence sources contract",
)

NEW: Final = _part(
    {
        **OLD.fields,
        "metadata": _need(_NEW_METADATA),
        "equations": Shape("table", of=_NEW_EQUATION),
        "proof_obligations": Shape("list", of=_NEW_OBLIGATION),
        "falsification_tests": Shape("list", of=_part(_TEST, _TEST_KNOWN, SPELLINGS)),
        "type_invariants": Shape("list", of=_INVARIANT),
        "coq_spec": _perhaps(_COQ),
        "beat": _perhaps(_BEAT),
        "stories": Shape("list", of=_STORY),
    },
    _ROOT_KNOWN + " parity artifact external_corpora baseline target parent title date files",
)
"""The contract of the newer dialect."""

REGISTRY: Final = _part(
    {
        "version": _SAID,
        "target_crate": _SAID,
        "bindings": Shape(
            "list",
            of=_part(
                {
                    "contract": _SAID, "equation": _SAID, "module_path": _MAYBE, "function": _MAYBE,
                    "signature": _MAYBE, "notes": _MAYBE,
                    "status": _words("implemented", "partial", "not_implemented", required=True),
                }
            ),
        ),
    }
)  # fmt: skip
"""The registry that binds equations to functions."""
