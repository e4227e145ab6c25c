"""What verifying a bundle found, and what that does and does not establish."""

from collections.abc import Sequence

from pv.evidence import stated
from pv.view.dossier import Dossier
from pv.view.json import SCHEMA_VERSION, Payload, bundle_payload, redispatch_payload
from pv.view.layout import Cell, Screen, clean, grid, header, number, paint, paragraph
from pv.view.text import TONES, finding_table, not_judged_table
from pv.view.trial import bound_text, controls_text, redispatch_lines

ESTABLISHES = (
    "Every file under raw/ has, byte for byte, the size and digest that were sealed, and none was added.",
    "The rows of raw/metrics.jsonl follow from one another.",
    "The verdicts above were derived again, now, from these files and the contract as it stands.",
)
DOES_NOT_ESTABLISH = (
    "That its writer was honest: the bundle is not signed, and whoever writes one can seal what they like.",
    "That another run would read the same: nothing was executed again.",
)
_INDENT = 2


def verify_text(dossiers: Sequence[Dossier], screen: Screen) -> str:
    """Each bundle with its faults and verdicts, then what all this establishes and what it does not."""
    blocks = [_bundle_lines(dossier, screen) for dossier in dossiers]
    intact = all(not dossier.faults for dossier in dossiers)
    if intact:
        blocks.append(_list("this establishes", ESTABLISHES, screen))
    blocks.append(_list("this does not establish", DOES_NOT_ESTABLISH, screen))
    return "\n\n".join("\n".join(block) for block in blocks)


def verify_payload(dossiers: Sequence[Dossier]) -> Payload:
    """What `pv verify --format json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "bundles": [_payload(dossier) for dossier in dossiers],
        "establishes": list(ESTABLISHES) if all(not dossier.faults for dossier in dossiers) else [],
        "does_not_establish": list(DOES_NOT_ESTABLISH),
    }


def _payload(dossier: Dossier) -> Payload:
    bundle = dossier.bundle
    return {
        "path": dossier.path.as_posix(),
        "digest": bundle.digest if bundle else None,
        "intact": not dossier.faults,
        "faults": [{"rule": fault.rule, "file": fault.file, "message": fault.message} for fault in dossier.faults],
        "contract": dossier.contract_id,
        "mutant": dossier.mutant,
        "redispatch": redispatch_payload(stated(bundle)) if bundle else None,
        "claims": [bundle_payload(verdict) for verdict in dossier.verdicts],
    }


def _list(title: str, sentences: Sequence[str], screen: Screen) -> list[str]:
    lines = [line for sentence in sentences for line in paragraph(f"- {sentence}", screen, indent=_INDENT, hang=4)]
    return [paint(title, "bold", screen), *lines]


def _bundle_lines(dossier: Dossier, screen: Screen) -> list[str]:
    lines = [paint(clean(dossier.path), "bold", screen)]
    digest = f", digest {dossier.bundle.digest}" if dossier.bundle else ""
    state = paint("NOT INTACT", "red", screen) if dossier.faults else paint("intact", "green", screen)
    lines.append(f"  {state}{clean(digest)}")
    faults = [[Cell(fault.rule, "red"), Cell(fault.file), Cell(fault.message)] for fault in dossier.faults]
    lines += grid(faults, screen, indent=_INDENT)
    if dossier.bundle is not None:
        under = f"made under the mutant {dossier.mutant}" if dossier.mutant else "made without a mutant"
        lines += paragraph(f"{dossier.title}: {under}", screen, indent=_INDENT)
        redispatch = stated(dossier.bundle)
        lines += redispatch_lines(redispatch, screen) if redispatch else []
    if not dossier.verdicts:
        about = dossier.contract_id or "an unknown contract"
        return [
            *lines,
            *paragraph(f"no verdict: {about} is not among the contracts here", screen, indent=_INDENT),
        ]
    titles = header("claim", "verdict", "level", "measured", "bound", "the number", "controls")
    loud = [finding for finding, _ in dossier.findings if finding.severity == "error"]
    missed = not_judged_table(dossier.not_judged, screen)
    return [
        *lines,
        *grid([titles, *_rows(dossier)], screen, indent=_INDENT),
        *finding_table(loud, screen),
        *([paint("  not judged", "bold", screen), *missed] if missed else []),
    ]


def _rows(dossier: Dossier) -> list[list[Cell]]:
    rows = []
    for verdict in dossier.verdicts:
        found = verdict.measurement
        rows.append(
            [
                Cell(dossier.name(verdict.claim_id)),
                Cell(verdict.verdict, TONES[verdict.verdict]),
                Cell(verdict.level or "-"),
                Cell(number(found.value, found.unit) if found else "-"),
                Cell(bound_text(found) if found else "-"),
                Cell({True: "passed", False: "failed", None: "-"}[verdict.numerically_passed]),
                Cell(controls_text(verdict.controls)),
            ]
        )
    return rows
