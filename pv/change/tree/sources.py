"""What falsifiers and trainer said in a tree, where the tree holds them; else what the installed ones say."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pv.binding import SHIPPED, Freshness, Packages, SyntaxCache, closure_digest, judged_by
from pv.binding.locate import Locator
from pv.contract import Claim, Contract, meaning_digest
from pv.errors import BindingError
from pv.evidence import Bundle, stale_reasons
from pv.verdict import Sources, current_sources

_FOREIGN: Final = frozenset({"site-packages", "dist-packages"})


def sources_of(tree: Path, project: Path, packages: Packages = SHIPPED) -> Sources:
    """Return what the sources in a tree say of claims and evidence.

    Args:
        tree: A former state of the project's folder.
        project: The folder as it is now; packages that are installed from elsewhere are taken as they are.
        packages: Packages of falsifiers.

    Raises:
        BindingError: The tree's index of falsifiers cannot be read.
    """
    cache = SyntaxCache()
    locator = cache.locator = _Former(tree, project)
    roots = [root for name in reversed(packages.names) if (root := locator.package_root(name))]
    if not any(root.is_relative_to(tree) for root in roots):
        return current_sources(Freshness(cache, packages=packages))
    freshness = _FormerFreshness(cache, _index([root / "index.json" for root in roots]))

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

    def module_file(self, module: str) -> Path | None:
        found = super().module_file(module)
        if found is None and module.isidentifier():
            former = self._tree / f"{module}.py"
            return former if former.is_file() else None
        if found is None or "." in module or not found.resolve().is_relative_to(self._project):
            return found
        own = found.resolve().relative_to(self._project)
        former = self._tree / own
        return found if _FOREIGN & set(own.parts) else former if former.is_file() else None


class _FormerFreshness(Freshness):
    """Digests by the tree's own index of falsifiers."""

    def __init__(self, cache: SyntaxCache, index: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__(cache)
        self._former = cache
        self._index = index
        self._digests: dict[str, str] = {}

    def lock_row(self, claim: Claim, contract: Contract) -> dict[str, Any]:
        name = self._index["claims"].get(claim.id)
        return {
            "id": claim.id,
            "meaning_digest": meaning_digest(claim, contract),
            "falsifier": name,
            "falsifier_digest": self._digest(self._index["falsifiers"][name]) if name else None,
        }

    def _digest(self, row: Mapping[str, Any]) -> str:
        module = str(row["module"])
        if module not in self._digests:
            found = self._former.locator.module_file
            roots = [(root, own) for root, own in judged_by(module, row["about"]) if root == module or found(root)]
            closures = [closure_digest(root, own, cache=self._former) for root, own in roots]
            self._digests[module] = hashlib.sha256("\n".join(closures).encode()).hexdigest()
        return self._digests[module]

    def laws(self, claim: Claim) -> tuple[str, ...] | None:
        name = self._index["claims"].get(claim.id)
        return tuple(self._index["falsifiers"][name]["laws"]) if name else None


def _index(paths: Sequence[Path]) -> Mapping[str, Mapping[str, Any]]:
    """The claims and falsifiers of indexes; a later one may bind to the falsifiers of those before it."""
    rows: dict[str, dict[str, Any]] = {}
    known: dict[str, str] = {}
    for path in paths:
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            rows |= {
                name: {"module": row["module"], "laws": list(row["laws"]), "about": row.get("about", "run")}
                for name, row in content["falsifiers"].items()
            }
            known |= {claim: name for claim, name in content["claims"].items() if name in rows}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            where, what = f"{path.parent.name}/{path.name} of the revision", f"{type(error).__name__}: {error}"
            raise BindingError(where, f"cannot be read ({what})", "name another revision") from error
    return {"claims": known, "falsifiers": rows}
