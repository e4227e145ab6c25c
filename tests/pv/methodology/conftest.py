"""Examples of rules: an honest bundle, spoilt as a file describes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pv.contract import HandStatus, Loaded
from pv.evidence import Bundle, open_bundle
from pv.verdict import ClaimVerdict, Sources, judge_contract

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"


def changed(value: Any, at: list[Any], do: Mapping[str, Any]) -> Any:
    """A JSON value with the entries at a path set, dropped or repeated.

    A step of the path is a key, an index, `*` for all, or a mapping that selects the rows that hold all of it.
    """
    if not at:
        if "to" in do:
            return do["to"]
        return {**value, **do["merge"]}
    step, rest = at[0], at[1:]
    if not isinstance(value, list):
        keys = list(value) if step == "*" else [step]
        return dropped(value, keys) if not rest and "drop" in do else {**value, **_each(value, keys, rest, do)}
    chosen = [index for index, row in enumerate(value) if _selected(step, index, row, len(value))]
    assert chosen, f"nothing is at {step}"
    if not rest and "drop" in do:
        gone = chosen[: do["drop"]] if do["drop"] is not True else chosen
        return [row for index, row in enumerate(value) if index not in gone]
    if not rest and "repeat" in do:
        return [*value, *(value[index] for index in chosen)]
    return [changed(row, rest, do) if index in chosen else row for index, row in enumerate(value)]


def dropped(value: dict, keys: list[str]) -> dict:
    return {key: item for key, item in value.items() if key not in keys}


def _each(value: dict, keys: list[str], rest: list[Any], do: Mapping[str, Any]) -> dict:
    return {key: changed(value.get(key), rest, do) for key in keys}


def _selected(step: Any, index: int, row: Any, length: int) -> bool:
    if isinstance(step, Mapping):
        return all(row.get(key) == wanted for key, wanted in step.items())
    return step == "*" or index == (step if step >= 0 else length + step)


def all_of(part: Any, changes: list[Mapping[str, Any]]) -> Any:
    for change in changes:
        part = changed(part, change["at"], change)
    return part


@dataclass(frozen=True)
class Example:
    """One description, made real."""

    says: Mapping[str, Any]
    sealed: Callable[..., Path]
    attacks: Mapping[str, Any]
    contract: Loaded
    laws: Callable[[Any], tuple[str, ...] | None]

    def judge(self) -> tuple[ClaimVerdict, set[str]]:
        """The verdict of the example's claim, and every rule that found something."""
        says = self.says
        others = [self._bundle(other.get("bundle", {}), None, other.get("mutant")) for other in says.get("others", [])]
        path = self._bundle(self._declared(others), says.get("log"), says.get("mutant"))
        for name, change in says.get("after_sealing", {}).items():
            self._tamper(path / name, change)
        sources = Sources(stale=lambda *_: tuple(says.get("stale", ())), laws=self.laws)
        verdict = judge_contract(self._contract(), [open_bundle(one) for one in (path, *others)], sources)
        claim = next(one for one in verdict.claims if one.claim.id == PREFIX + says["claim"])
        found = [*claim.findings, *(finding for bundle in claim.bundles for finding in bundle.findings)]
        return claim, {finding.rule for finding in found} | {problem.code for problem in verdict.problems}

    def judge_alone(self) -> ClaimVerdict:
        """The verdict of the example's claim where nothing was ever run."""
        sources = Sources(stale=lambda *_: (), laws=self.laws)
        verdict = judge_contract(self._contract(), [], sources)
        return next(one for one in verdict.claims if one.claim.id == PREFIX + self.says["claim"])

    def _declared(self, others: list[Path]) -> Mapping[str, Any]:
        """The parts of the bundle; with `again_of_other` it says what it was made again of, and what changed since."""
        parts, changed = self.says.get("bundle", {}), self.says.get("again_of_other")
        if changed is None:
            return parts
        digest = open_bundle(others[0]).bundle.digest
        row = {"bundle": others[0].name, "digest": digest, "changed": changed}
        return {**parts, "run": [*parts.get("run", []), {"at": ["redispatch_of"], "to": row}]}

    def _bundle(self, parts: Mapping[str, Any], log: str | None, mutant: str | None) -> Path:
        spoilt: dict[str, Any] = {name: partial(all_of, changes=changes) for name, changes in parts.items()}
        if "attacks" in parts:
            spoilt["attacks"] = lambda _: all_of(self.attacks, parts["attacks"])
        if "lock" in parts:
            digest = {"at": ["contract", "digest"], "to": "a" * 64}
            spoilt["lock"] = partial(all_of, changes=[digest, *parts["lock"]])
        texts = ({"log": log} if log else {}) | ({"mutant": mutant} if mutant else {})
        return self.sealed(**spoilt, **texts)

    @staticmethod
    def _tamper(file: Path, change: Mapping[str, Any]) -> None:
        if change.get("delete"):
            file.unlink()
        elif "write" in change:
            file.parent.mkdir(exist_ok=True)
            file.write_text(change["write"] if isinstance(change["write"], str) else json.dumps(change["write"]))
        else:
            old, new = change["replace"]
            content = file.read_text()
            assert old in content
            file.write_text(content.replace(old, new, 1))

    def _contract(self) -> Loaded:
        contract = self.contract.contract
        assert contract is not None
        claims = tuple(
            type(claim).model_validate({**claim.model_dump(), **self.says.get("change", {})}, strict=False)
            if claim.id == PREFIX + self.says["claim"]
            else claim
            for claim in contract.claims
        )
        status = self.says.get("status")
        written = (HandStatus(claim_id=PREFIX + self.says["claim"], key="status", value=status, line=1, column=1),)
        return replace(
            self.contract,
            contract=contract.model_copy(update={"falsification_tests": claims}),
            hand_written=written if status else (),
        )


@pytest.fixture
def example(
    sealed: Callable[..., Path], honest_bundle: Bundle, sample_contract: Loaded, fresh: Sources
) -> Callable[[Path], Example]:
    """Makes an example of a file's description."""
    attacks = {claim: list(rows) for claim, rows in honest_bundle.attacks.items()}
    return lambda file: Example(
        json.loads(file.read_text(encoding="utf-8")), sealed, attacks, sample_contract, fresh.laws
    )
