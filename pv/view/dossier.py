"""A bundle with its verdicts, and the parts of it that a picture or a page shows."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pv.evidence import Bundle, Fault, Opened
from pv.methodology import ControlReading, Finding, NotJudged
from pv.verdict import BundleVerdict, Verdict
from pv.view.svg import Level, loss_points, loss_svg

_UNIT = "nats/token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One bundle and what it says about the claims of its contract."""

    opened: Opened
    verdicts: tuple[BundleVerdict, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    """Claim id to its short name; a claim without one is shown by its id."""

    @property
    def path(self) -> Path:
        """The bundle's folder."""
        return self.opened.path

    @property
    def bundle(self) -> Bundle | None:
        """The bundle; None where too little could be read."""
        return self.opened.bundle

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What speaks against the bundle."""
        return self.opened.faults

    def name(self, claim_id: str) -> str:
        """The short name of a claim."""
        return self.names.get(claim_id, claim_id)

    @property
    def title(self) -> str:
        """Profile, mutant and data set of the run in one phrase."""
        if self.bundle is None:
            return f"unreadable bundle {self.path.name}"
        run = self.bundle.run
        parts = [f"profile {run.get('profile', 'unknown')}"]
        for key in ("mutant", "dataset"):
            entry = run.get(key)
            if isinstance(entry, Mapping):
                parts.append(f"{key} {entry.get('name', 'unnamed')}")
        return ", ".join(parts)

    @property
    def contract_id(self) -> str | None:
        """The contract that was locked before the run; None where that cannot be read."""
        found = _at(self.bundle.lock, "contract", "id") if self.bundle else None
        return None if found is None else str(found)

    @property
    def mutant(self) -> str | None:
        """The planted fault that the run was made under; None for an honest run."""
        found = _at(self.bundle.run, "mutant", "name") if self.bundle else None
        return None if found is None else str(found)

    @property
    def headline(self) -> BundleVerdict | None:
        """The verdict that the picture is about: of those in nats a token, the one with most contrasts."""
        measured = [verdict for verdict in self.verdicts if verdict.measurement and verdict.measurement.unit == _UNIT]
        return max(measured, key=lambda verdict: (len(verdict.contrasts), len(verdict.controls)), default=None)

    @property
    def stamp(self) -> Verdict:
        """The worst verdict over the claims; UNTESTED where nothing was judged."""
        return min((verdict.verdict for verdict in self.verdicts), key=tuple(Verdict).index, default=Verdict.UNTESTED)

    @property
    def controls(self) -> tuple[ControlReading, ...]:
        """Every control of the bundle once, in the order of the minimal set."""
        found = {
            (control.control_set, control.name): control for verdict in self.verdicts for control in verdict.controls
        }
        return tuple(sorted(found.values(), key=lambda control: (control.control_set, control.item)))

    @property
    def findings(self) -> tuple[tuple[Finding, tuple[str, ...]], ...]:
        """Every finding once, with the names of the claims it concerns; invalidating ones first."""
        claims: dict[Finding, list[str]] = {}
        for verdict in self.verdicts:
            for finding in verdict.findings:
                claims.setdefault(finding, []).append(self.name(verdict.claim_id))
        order = ("error", "warning", "note")
        ranked = sorted(claims, key=lambda finding: order.index(finding.severity))
        return tuple((finding, tuple(claims[finding])) for finding in ranked)

    @property
    def not_judged(self) -> tuple[NotJudged, ...]:
        """Every rule that could not be applied to some claim, once, in reading order."""
        return tuple(dict.fromkeys(one for verdict in self.verdicts for one in verdict.not_judged))


def picture(dossier: Dossier) -> str:
    """The loss curve as SVG, with ln V, baselines, bound and what was measured; empty without a bundle."""
    if dossier.bundle is None:
        return ""
    points = loss_points(dossier.bundle.metrics)
    return loss_svg(points, levels(dossier), title=f"Training loss by step, {dossier.title}")


def levels(dossier: Dossier) -> tuple[Level, ...]:
    """The horizontal lines of the picture, each a quantity in nats a token."""
    found = _table_levels(dossier.bundle)
    headline = dossier.headline
    if headline and headline.measurement:
        measurement = headline.measurement
        for contrast in headline.contrasts:
            name = contrast.baseline.replace("_", " ").removesuffix(" loss")
            found[name] = Level(name=name, value=contrast.baseline_value)
        found["bound"] = Level(name=f"bound {measurement.op}", value=measurement.bound_value, kind="bound")
        found["measured"] = Level(name="measured", value=measurement.value, kind="value")
    return tuple(found.values())


def _table_levels(bundle: Bundle | None) -> dict[str, Level]:
    found: dict[str, Level] = {}
    data = bundle.data if bundle else {}
    vocabulary = _at(data, "tokenizer", "vocab_size")
    if isinstance(vocabulary, int) and not isinstance(vocabulary, bool) and vocabulary > 1:
        found["ln V"] = Level(name="ln V", value=math.log(vocabulary))
    entropy = histogram_entropy(_at(data, "scored", "histogram"))
    if entropy is not None:
        found["unigram entropy"] = Level(name="unigram entropy", value=entropy)
    return found


def histogram_entropy(histogram: object) -> float | None:
    """Entropy of counts in nats; None where they are no counts or all zero.

    Counts may be written as strings.
    """
    if not isinstance(histogram, Mapping):
        return None
    try:
        counts = [int(str(count)) for count in histogram.values()]
    except ValueError:
        return None
    total = sum(counts)
    if total <= 0 or min(counts) < 0:
        return None
    return -sum(count / total * math.log(count / total) for count in counts if count)


def _at(row: object, *keys: str) -> object:
    for key in keys:
        row = row.get(key) if isinstance(row, Mapping) else None
    return row


def run_facts(dossier: Dossier) -> list[tuple[str, str]]:
    """What ran, where and how long, in the words of `raw/run.json`."""
    if dossier.bundle is None:
        return [("bundle", str(dossier.path))]
    run, lock = dossier.bundle.run, dossier.bundle.lock
    wanted = {
        "contract": f"{_shown(lock, 'contract', 'id')} {_shown(lock, 'contract', 'version')}",
        "profile": _shown(run, "profile"),
        "recipe": _shown(run, "recipe_name"),
        "mutant": _shown(run, "mutant", "name"),
        "data set": _shown(run, "dataset", "name"),
        "seed": _shown(run, "seed"),
        "steps": f"{_shown(run, 'executed_steps')} of {_shown(run, 'planned_steps')} planned",
        "ended": f"{_shown(run, 'exit_reason')}, status {_shown(run, 'exit_code')}",
        "started": _shown(run, "started_at"),
        "finished": _shown(run, "finished_at"),
        "training loop": f"{_shown(run, 'wall_seconds')} s",
        "device": f"{_shown(run, 'device', 'platform')} {_shown(run, 'device', 'kind')}",
        "python": _shown(run, "python"),
        "commit": _shown(run, "commit"),
        "documents scored": _shown(dossier.bundle.data, "scored", "documents"),
        "tokens scored": _shown(dossier.bundle.data, "scored", "tokens"),
        "bundle digest": dossier.bundle.digest,
    }
    return list(wanted.items())


def _shown(row: object, *keys: str) -> str:
    value = _at(row, *keys)
    return "-" if value is None else str(value)
