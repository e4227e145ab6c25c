"""Whether a claim, its falsifier and the trainer are still what they were when evidence was made."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pv.binding.cache import SyntaxCache
from pv.binding.digest import closure_digest, module_digests
from pv.binding.index import FUNCTION_JUDGE, SHIPPED, Bound, Packages, bind, judges
from pv.contract import Claim, Contract, meaning_digest

LockRow = Mapping[str, Any]


class Freshness:
    """Digests of what the sources say now; each is computed once."""

    def __init__(self, cache: SyntaxCache | None = None, *, packages: Packages = SHIPPED) -> None:
        self._cache = cache or SyntaxCache(folders=packages.folders)
        self.packages = packages
        self._falsifiers: dict[str, str] = {}
        self._closures: dict[tuple[str, tuple[str, ...]], str] = {}
        self._rows: dict[tuple[int, int], tuple[Claim, Contract, dict[str, Any]]] = {}
        self._modules: dict[str, str | None] = {}

    def lock_row(self, claim: Claim, contract: Contract) -> dict[str, Any]:
        """Return what `claim.lock.json` says of a claim; an unbound one has no falsifier.

        Raises:
            BindingError: The index of the falsifiers does not fit their package.
        """
        key = (id(claim), id(contract))
        if key not in self._rows:  # it holds both, so that neither's id is given to another
            self._rows[key] = (claim, contract, self._lock_row(claim, contract))
        return dict(self._rows[key][2])

    def _lock_row(self, claim: Claim, contract: Contract) -> dict[str, Any]:
        bound = bind(claim.id, packages=self.packages)
        return {
            "id": claim.id,
            "meaning_digest": meaning_digest(claim, contract),
            "falsifier": bound.falsifier if bound else None,
            "falsifier_digest": self.falsifier_digest(bound) if bound else None,
            "op": claim.op,
            "bound": claim.bound,
            "requires": claim.requires,
            "mutants": list(claim.counter_example_classes),
        }

    def falsifier_digest(self, bound: Bound) -> str:
        """Return the digest of a falsifier's module and of the judges, with all they import of their own packages."""
        if bound.module not in self._falsifiers:
            closures = [self._closure(root, own) for root, own in judged_by(bound.module, bound.about)]
            self._falsifiers[bound.module] = hashlib.sha256("\n".join(closures).encode()).hexdigest()
        return self._falsifiers[bound.module]

    def _closure(self, root: str, own: tuple[str, ...]) -> str:
        key = (root, own)
        if key not in self._closures:
            self._closures[key] = closure_digest(root, own, cache=self._cache)
        return self._closures[key]

    def save(self) -> None:
        """Store what was learned about the sources, where the cache has a path."""
        self._cache.save()

    def source_roots(self) -> tuple[Path | None, ...]:
        """Return folder or file of every package whose sources were consulted; None for one that is not there."""
        tops = {*self.packages.names, *(module.partition(".")[0] for module in self._modules)}
        locator = self._cache.locator
        return tuple(locator.package_root(top) or locator.module_file(top) for top in sorted(tops))

    def module_digest(self, module: str) -> str | None:
        """Return the digest of a module; None where it has no source file."""
        if module not in self._modules:
            self._modules[module] = module_digests([module], cache=self._cache).get(module)
        return self._modules[module]

    def stale_reasons(
        self, locked: LockRow | None, modules: Mapping[str, Any], claim: Claim, contract: Contract
    ) -> tuple[str, ...]:
        """Return why evidence no longer speaks about a claim as it stands; empty where it is fresh.

        Args:
            locked: The claim's row of `claim.lock.json`; None where the lock does not name it.
            modules: Trainer module to digest, as recorded when the evidence was made.
            claim: The claim now.
            contract: Its contract now.
        """
        if locked is None:
            return (f"the lock does not name {claim.id}",)
        return (*self._claim_reasons(locked, self.lock_row(claim, contract)), *self._trainer_reasons(modules))

    def _claim_reasons(self, locked: LockRow, current: LockRow) -> list[str]:
        reasons = []
        if locked.get("meaning_digest") != current["meaning_digest"]:
            reasons.append("the claim's meaning has changed")
        if locked.get("falsifier_digest") != current["falsifier_digest"]:
            name = current["falsifier"]
            reasons.append(f"the falsifier {name} has changed" if name else "the claim is bound to no falsifier")
        return reasons

    def _trainer_reasons(self, modules: Mapping[str, Any]) -> list[str]:
        reasons = []
        for module, digest in sorted(modules.items()):
            current = self.module_digest(module)
            if current != digest:
                reasons.append(f"trainer module {module} {'is gone' if current is None else 'has changed'}")
        return reasons or ([] if modules else ["the trainer's modules were not recorded"])


def judged_by(module: str, about: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the modules that decide what a falsifier reads, each with the packages whose modules count with it."""
    package = module.partition(".")[0]
    if about == "functions":
        shipped = FUNCTION_JUDGE.partition(".")[0]
        return (module, tuple(sorted({package, shipped}))), (FUNCTION_JUDGE, (shipped,))
    return tuple((root, (package,)) for root in (module, *judges(package=package)))


def lock_rows(contract: Contract, *, freshness: Freshness | None = None) -> list[dict[str, Any]]:
    """Return the rows of `claim.lock.json` of a run, one a claim that it measures; others are attacked by themselves.

    Raises:
        BindingError: As `Freshness.lock_row`.
    """
    current = freshness or Freshness()
    bound = {claim.id: bind(claim.id, packages=current.packages) for claim in contract.claims if not claim.planned}
    by_runs = {name for name, found in bound.items() if found is None or found.about == "run"}
    return [current.lock_row(claim, contract) for claim in contract.claims if claim.id in by_runs]
