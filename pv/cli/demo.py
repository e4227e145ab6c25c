"""`pv demo`: the main job twice, honest and with the story's broken corpus, side by side."""

import click

from pv.cli.output import emit, examples, screen, tell
from pv.cli.project import find_project, nearby
from pv.cli.trials import Options, Selected, Unit, carry
from pv.contract import load_all, resolve
from pv.evidence import open_bundle
from pv.verdict import BundleVerdict, Level, Verdict
from pv.view.dossier import Dossier
from pv.view.html import report_page
from pv.view.trial import discharge_text, side_by_side

CLAIM = "FALSIFY-005"
BROKEN = "unk-corpus"
UNEXPECTED = 1


@click.command(
    "demo", epilog=examples("pv demo", "pv demo --profile micro      a smaller model, in a minute and a half")
)
@click.option("--profile", default="cpu", show_default=True, help="Profile of the contract's system to run.")
def command(profile: str) -> int:
    """Fine-tune twice, honestly and on a corpus that is 99.99 % <unk>, and stamp both.

    It takes some four minutes on two cores the first time, two and a half with the init cached.
    """
    project = find_project()
    loaded = load_all([project.contracts])
    claim, contract = resolve(CLAIM, [file.contract for file in loaded.files if file.contract])
    file = next(file for file in loaded.files if file.contract is contract)
    unit = Unit(entries=(Selected(claim=claim, contract=contract, loaded=file, profile=profile),))
    verdicts = []
    for number, mutant in enumerate((None, BROKEN), start=1):
        options = Options(mutant=mutant, seed=0, cases=50, dataset=None, device="cpu")
        tell(f"run {number} of 2: {'corpus of ' + BROKEN if mutant else 'honest'}")
        verdicts += carry(project, unit, options, title=f"run {number} of 2")
    shown = screen()
    emit("\n\n".join(discharge_text(verdict, shown.width, shown.colour) for verdict in verdicts))
    emit("\n" + side_by_side(verdicts, shown.width, shown.colour))
    page = project.scratch / "demo.html"
    dossiers = [
        Dossier(opened=open_bundle(verdict.bundle), verdicts=(verdict,), names={claim.id: CLAIM})
        for verdict in verdicts
    ]
    page.write_text(report_page(dossiers), encoding="utf-8")
    emit(f"report page to open: {nearby(page)}")
    return 0 if _as_expected(*verdicts) else UNEXPECTED


def _as_expected(honest: BundleVerdict, broken: BundleVerdict) -> bool:
    """Whether the honest run survived with every control right, and the broken one passed and was refused."""
    survived = honest.verdict in {Verdict.PARTIAL, Verdict.DISCHARGED} and honest.level is Level.INTEGRATION
    right = all(control.ok for control in honest.controls)
    refused = broken.verdict is Verdict.SUSPECT and bool(broken.numerically_passed)
    if not (survived and right and refused):
        tell("pv demo: this is not what the demo shows; read the findings above")
    return survived and right and refused
