"""Looks up what a file names: claims, bundles and readings; what is not there becomes a problem at its place."""

from dataclasses import dataclass, field

from pv.contract import Problem, convert, resolve
from pv.contract.problem import Path, did_you_mean
from pv.errors import UsageError
from pv.evidence import Quantity
from pv.investigation.experiment import command_of
from pv.investigation.library import Library, broken, readable, reading
from pv.investigation.loading import Loaded
from pv.investigation.model import Band, Made
from pv.verdict import ClaimVerdict, Exhibit


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomRead:
    """What reads wrong, as it was read."""

    exhibit: Exhibit
    claim: ClaimVerdict
    quantity: str
    value: float
    unit: str
    expected: Band
    band: Band


@dataclass(slots=True)
class Lookup:
    """One file against what is known."""

    loaded: Loaded
    library: Library
    problems: list[Problem] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    """Bundles that were looked for and cannot be trusted, with why."""

    def wrong(self, code: str, at: Path, what: str, fix: str) -> None:
        """Note a problem."""
        self.problems.append(self.loaded.document.problem(code, at, what, fix))

    def claim_id(self, reference: str, at: Path) -> str | None:
        """The id of a claim; a problem where there is no such claim."""
        try:
            return resolve(reference, self.library.contracts)[0].id
        except UsageError as error:
            self.wrong("unknown-claim", at, f"{reference[:80]}: {error.what}", error.fix)
            return None

    def exhibit(
        self, bundle: str, run: Made | None, claim_id: str, at: Path, like: Exhibit | None = None
    ) -> Exhibit | None:
        """The bundle that a part of the file means; a problem where there is none."""
        found = self.library.named(bundle) if bundle else self.newest(claim_id, run or Made(), like)
        if found is None:
            what = f"there is no bundle {bundle[:80]}" if bundle else f"no bundle of {claim_id} was made so"
            hint = (
                "see pv explain for those there are"
                if bundle
                else f"make it: {command_of(claim_id, run or Made(), like)}"
            )
            self.wrong("unknown-bundle", (*at, "bundle" if bundle else "run"), what, hint)
        return self.trusted(found)

    def newest(self, claim_id: str, how: Made, like: Exhibit | None) -> Exhibit | None:
        """The newest bundle that was made as said; None where there is none."""
        return next(iter(self.library.made(claim_id, how, like)), None)

    def trusted(self, exhibit: Exhibit | None) -> Exhibit | None:
        """The exhibit if it is intact; what is not is remembered."""
        if exhibit is not None and (why := broken(exhibit)):
            self.altered.append(f"{exhibit.opened.path}: {why}")
            return None
        return exhibit

    def reading(
        self, exhibit: Exhibit, name: str, unit: str, at: Path, written: float | None = None
    ) -> Quantity | None:
        """A quantity in its unit; a problem where it has another, or there is none."""
        found = reading(exhibit, name)
        if found is None:
            what = f"{exhibit.opened.path.name} holds no `{name[:80]}`"
            self.wrong("unknown-series", at, what, did_you_mean(name, readable(self.library)))
        elif found.unit not in {unit, ""}:
            same = None if written is None else convert(written, unit, found.unit)
            fix = f"write {found.unit}" if same is None else f"{written:g} {unit} are {same:.6g} {found.unit}"
            self.wrong("unit-mismatch", at, f"{name} is recorded in {found.unit}, not in {unit}", fix)
            return None
        return found
