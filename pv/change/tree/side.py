"""One side of a comparison: contracts, their evidence and their verdicts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pv.contract import Loaded, Problem, load_all
from pv.evidence import Bundle, Opened, find_bundles, open_bundle
from pv.verdict import ContractVerdict, Sources, judge_contract, with_dependencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Contracts and evidence of one state of a project, judged."""

    label: str
    """What the reader called it, e.g. `HEAD~1`."""

    files: tuple[Loaded, ...]
    stray: tuple[Problem, ...]
    """Problems of no contract."""

    openeds: tuple[Opened, ...]
    """Bundles of the state itself."""

    verdicts: tuple[ContractVerdict, ...]
    """In the order of the files."""

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        """The bundles that could be read."""
        return tuple(opened.bundle for opened in self.openeds if opened.bundle)


def read_side(
    label: str, paths: Sequence[Path], evidence: Path, sources: Sources, *, restored: Iterable[Opened] = ()
) -> Side:
    """Load and judge contracts.

    Args:
        label: What the reader called this side.
        paths: Files and folders of contracts.
        evidence: Folder of the bundles.
        sources: What falsifiers and trainer say on this side.
        restored: Bundles that count although the folder holds them no more.

    Raises:
        UsageError: A path does not exist.
        BindingError: The index of the falsifiers does not fit their package.
    """
    loaded = load_all(paths)
    openeds = tuple(open_bundle(path) for path in find_bundles(evidence))
    further = tuple(restored)
    verdicts = [judge_contract(file, [*_own(file, openeds), *further], sources) for file in loaded.files]
    return Side(
        label=label,
        files=loaded.files,
        stray=loaded.stray,
        openeds=openeds,
        verdicts=with_dependencies(verdicts),
    )


def _own(file: Loaded, openeds: Iterable[Opened]) -> list[Opened]:
    return [opened for opened in openeds if opened.path.parent.name == file.path.stem]
