"""Everything about one claim: what it says, what was found, and what the next step is."""

from collections.abc import Iterator, Sequence

from pv.contract import Claim, Contract
from pv.methodology import Finding
from pv.trace import deciding_bundle
from pv.verdict import BundleVerdict, ClaimVerdict, ContractVerdict, Verdict
from pv.view.json import SCHEMA_VERSION, Payload, bundle_payload, claim_payload
from pv.view.layout import Cell, Screen, clean, count, grid, header, paint, paragraph
from pv.view.pages import Page
from pv.view.text import TONES, finding_table, levels, not_judged_table, reason_text, short_name
from pv.view.trial import (
    contrast_table,
    control_table,
    controls_text,
    measurement_text,
    passed_text,
    precision_lines,
    redispatch_text,
)

_INDENT = 2


def explain_text(contract: ContractVerdict, verdict: ClaimVerdict, screen: Screen) -> str:
    """The claim, its verdict with every reason, the evidence behind it and what to do next."""
    sections = (
        ("", _head(contract, verdict, screen)),
        ("what it claims", _statement(contract, verdict.claim, screen)),
        ("why", _reasons(verdict, screen)),
        ("further findings", finding_table(_unreasoned(verdict), screen)),
        ("not judged", not_judged_table(verdict.not_judged, screen)),
        ("evidence", _bundles(verdict.bundles, screen)),
        *_last_evidence(verdict, screen),
        *(("", lines) for lines in _redispatches(verdict.bundles, screen)),
        ("if it fails", paragraph(verdict.claim.if_fails, screen, indent=_INDENT)),
        ("next step", paragraph(next_step(verdict), screen, indent=_INDENT)),
    )
    blocks = ([paint(title, "bold", screen)] * bool(title) + lines for title, lines in sections if lines)
    return "\n\n".join("\n".join(block) for block in blocks)


def explain_payload(contract: ContractVerdict, verdict: ClaimVerdict) -> Payload:
    """The claim as written, its verdict, and everything each bundle says about it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "contract": contract.contract.id if contract.contract else None,
        "path": contract.path.as_posix(),
        "statement": verdict.claim.model_dump(mode="json"),
        **claim_payload(verdict),
        "evidence": [bundle_payload(bundle) for bundle in verdict.bundles],
        "next_step": next_step(verdict),
    }


def _head(contract: ContractVerdict, verdict: ClaimVerdict, screen: Screen) -> list[str]:
    claim = verdict.claim
    aliases = f"  ({', '.join(map(clean, claim.aliases))})" if claim.aliases else ""
    stamp = paint(verdict.verdict, TONES[verdict.verdict], screen)
    ship = "ship-blocking" if claim.ship_blocking else "not ship-blocking"
    known = contract.contract
    source = f"{known.id} {known.metadata.version}" if known else "unreadable contract"
    return [
        paint(clean(claim.id), "bold", screen) + aliases,
        f"{stamp}  level/required {levels(verdict)}  {ship}",
        clean(f"of {source}, {contract.path}"),
    ]


def _statement(contract: ContractVerdict, claim: Claim, screen: Screen) -> list[str]:
    terms = [*_terms(claim), *_system(contract.contract)]
    rows = [[Cell(name, "dim"), Cell(value)] for name, value in terms if value]
    return grid(rows, screen, indent=_INDENT)


def _terms(claim: Claim) -> Iterator[tuple[str, str]]:
    yield "rule", claim.rule
    yield "prediction", claim.prediction
    if claim.measure:
        measure = claim.measure
        yield "quantity", " ".join(part for part in (measure.series, measure.reduce, measure.split) if part)
        yield (
            "bound",
            f"{claim.op or ''} {claim.bound if claim.bound is not None else ''} {measure.unit}".strip(),
        )
    yield "below", ", ".join(claim.below)
    if claim.plausible:
        band = claim.plausible
        yield "plausible", f"{band.low:g} to {band.high:g} {band.unit}: {band.source}"
    yield "requires", claim.requires or ""
    yield "seeds", f"at least {claim.seeds}" if claim.seeds else ""
    yield "controls", claim.controls
    yield "must kill", ", ".join(claim.counter_example_classes)
    yield "discharged by", claim.discharged_by
    yield "tracked by", claim.tracked_by


def _system(contract: Contract | None) -> Iterator[tuple[str, str]]:
    """What is under test: runs of a trainer, processes of a program."""
    if contract and contract.system:
        system = contract.system
        yield "trainer", f"{system.trainer}: {', '.join(system.profiles)}" if system.trainer else ""
        yield "program", ", ".join(f"python -m {name}" for name in system.programs)


def _reasons(verdict: ClaimVerdict, screen: Screen) -> list[str]:
    texts = map(reason_text, verdict.reasons)
    return [line for text in texts for line in paragraph(text, screen, indent=_INDENT, hang=2 * _INDENT)]


def _unreasoned(verdict: ClaimVerdict) -> list[Finding]:
    """The findings that are not told as reasons already."""
    told = {(reason.code, reason.message) for reason in verdict.reasons}
    return [finding for finding in verdict.findings if (finding.rule, finding.message) not in told]


def _bundles(bundles: Sequence[BundleVerdict], screen: Screen) -> list[str]:
    rows = [
        [
            Cell(bundle.bundle.name),
            Cell(bundle.mutant or "-"),
            Cell(bundle.verdict, TONES[bundle.verdict]),
            Cell(bundle.level or "-"),
            Cell("fresh" if bundle.fresh else "stale"),
            Cell(controls_text(bundle.controls)),
        ]
        for bundle in bundles
    ]
    titles = header("bundle", "mutant", "verdict", "level", "", "controls")
    return grid([titles, *rows], screen, indent=_INDENT) if rows else []


def _last_evidence(verdict: ClaimVerdict, screen: Screen) -> Iterator[tuple[str, list[str]]]:
    bundle = deciding_bundle(verdict)
    if bundle is None:
        return
    if bundle.measurement:
        text = f"{measurement_text(bundle.measurement)}; {passed_text(bundle)}"
        yield (
            f"measured in {clean(bundle.bundle.name)}",
            paragraph(text, screen, indent=_INDENT, hang=2 * _INDENT),
        )
    yield "what the interval rests on", precision_lines(bundle, screen)
    yield "controls", control_table(bundle.controls, screen)
    yield "contrasts on the same documents", contrast_table(bundle.contrasts, screen)


def _redispatches(bundles: Sequence[BundleVerdict], screen: Screen) -> Iterator[list[str]]:
    """For each fresh run that was made again: of what, what changed since, and both verdicts."""
    named = {one.bundle.name: one for one in bundles}
    for one in bundles:
        if one.redispatch and one.fresh:
            yield redispatch_text(one, named.get(one.redispatch.bundle), screen).splitlines()


def next_step(verdict: ClaimVerdict) -> str:
    """What to do now, by verdict."""
    name = short_name(verdict.claim)
    codes = ", ".join(dict.fromkeys(reason.code for reason in verdict.reasons)) or "none"
    match verdict.verdict:
        case Verdict.FALSIFIED:
            return f"The claim is refuted. {verdict.claim.if_fails}"
        case Verdict.SUSPECT:
            rules = dict.fromkeys(finding.rule for finding in verdict.findings if finding.severity == "error")
            pages = " and ".join(f"`pv explain {rule}`" for rule in rules) or "the reasons above"
            command = f"pv discharge {name} --run"
            return f"Nothing can be believed yet: read {pages}, mend the cause, then run `{command}`."
        case Verdict.PARTIAL:
            return f"It survived so far. To go higher, remove {count(len(verdict.reasons), 'reason')}: {codes}."
        case Verdict.DISCHARGED:
            return "Nothing: it survived at the level it requires. It is judged again on every change."
        case Verdict.UNTESTED:
            command = f"pv discharge {name}"
            return f"Nothing was measured. `{command}` says what would run, `{command} --run` runs it."


def page_text(page: Page, screen: Screen) -> str:
    """The page of a rule or code below its id and what it does to a verdict."""
    title = f"{paint(page.id, 'bold', screen)}  {page.effect or page.kind}"
    return f"{title}\n\n{page.title}\n\n{page.text}"


def page_payload(page: Page) -> Payload:
    """The page of a rule or code as JSON."""
    return {
        "schema_version": SCHEMA_VERSION,
        "rule": page.id,
        "kind": page.kind,
        "effect": page.effect or None,
        "page": f"{page.title}\n\n{page.text}",
    }
