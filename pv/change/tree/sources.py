"""What falsifiers and trainer said in a tree, where the tree holds them; else what the installed ones say."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pv.binding import Freshness, SyntaxCache, closure_digest, judges
from pv.binding.index import PACKAGE
from pv.binding.locate import Locator
from pv.contract import Claim, Contract, meaning_digest
from pv.errors import BindingError
from pv.evidence import Bundle, stale_reasons
from pv.verdict import Sources, current_sources

_FOREIGN: Final = frozenset({"site-packages", "dist-packages"})


def sources_of(tree: Path, project: Path) -> Sources:
    """Return what the sources in a tree say of claims and evidence.

    Args:
        tree: A former state of the project's folder.
        project: The folder as it is now; packages that are installed from elsewhere are taken as they are.

    Raises:
        BindingError: The tree's index of falsifiers cannot be read.
    """
    cache = SyntaxCache()
    locator = cache.locator = _Former(tree, project)
    root = locator.package_root(PACKAGE)
    if root is None or not root.is_relative_to(tree):
        return current_sources(Freshness(cache))
    freshness = _FormerFreshness(cache, _index(root / "index.json"))

    def stale(claim: Claim, contract: Contract, bundle: Bundle) -> tuple[str, ...]:
        return stale_reasons(bundle, claim, contract, freshness=freshness)

    return Sources(stale=stale, laws=freshness.laws)


class _Former(Locator):
    """Finds packages of the project in a former state of its folder."""

    def __init__(self, tree: Path, project: Path) -> None:
        super().__init__()
        self._tree = tree
        self._project = project.resolve()

    def package_root(self, package: str) -> Path | None:
        installed = super().package_root(package)
        if installed is None:
            former = self._tree / package
            return former if former.is_dir() else None
        own = installed.resolve()
        if _FOREIGN & set(own.parts) or not own.is_relative_to(self._project):
            return installed
        former = self._tree / own.relative_to(self._project)
        return former if former.is_dir() else None


class _FormerFreshness(Freshness):
    """Digests by the tree's own index of falsifiers."""

    def __init__(self, cache: SyntaxCache, index: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(cache)
        self._former = cache
        self._index = index
        self._digests: dict[str, str] = {}

    def lock_row(self, claim: Claim, contract: Contract) -> dict[str, Any]:
        name = self._index["claims"].get(claim.id)
        module = str(self._index["falsifiers"][name]["module"]) if name else ""
        return {
            "id": claim.id,
            "meaning_digest": meaning_digest(claim, contract),
            "falsifier": name,
            "falsifier_digest": self.falsifier_digest(module) if module else None,
        }

    def falsifier_digest(self, module: str) -> str:
        if module not in self._digests:
            package = module.partition(".")[0]
            roots = (module, *(judge for judge in judges(package=package) if self._former.locator.module_file(judge)))
            closures = [closure_digest(root, (package,), cache=self._former) for root in roots]
            self._digests[module] = hashlib.sha256("\n".join(closures).encode()).hexdigest()
        return self._digests[module]

    def laws(self, claim: Claim) -> tuple[str, ...] | None:
        name = self._index["claims"].get(claim.id)
        return tuple(self._index["falsifiers"][name]["laws"]) if name else None


def _index(path: Path) -> Mapping[str, Mapping[str, Any]]:
    """The claims and falsifiers of an index."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        claims, falsifiers = content["claims"], content["falsifiers"]
        rows = {name: {"module": row["module"], "laws": list(row["laws"])} for name, row in falsifiers.items()}
        known = {claim: name for claim, name in claims.items() if name in rows}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"cannot be read ({type(error).__name__}: {error})"
        raise BindingError(f"{path.parent.name}/{path.name} of the revision", what, "name another revision") from error
    return {"claims": known, "falsifiers": rows}
