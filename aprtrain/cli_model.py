"""`aprtrain generate` and `aprtrain trace`: a trained model looked at from outside and from inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from aprtrain.errors import InputError
from aprtrain.files import to_json

FOLDER = click.Path(path_type=Path)
DEVICE = click.option("--device", type=click.Choice(["cpu", "cuda", "auto"]), default="auto", show_default=True)


@click.command()
@click.argument("checkpoint", type=FOLDER)
@click.option("--prompt", required=True, help="Text to continue; an empty one is the beginning of a document.")
@click.option("--tokens", type=click.IntRange(1), default=64, show_default=True, help="Tokens at most.")
@click.option("--temperature", type=click.FloatRange(0), default=0.0, help="0 takes the likeliest token.  [default: 0]")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the draws above 0.")
@DEVICE
def generate(checkpoint: Path, prompt: str, tokens: int, temperature: float, seed: int, device: str) -> None:
    """Continue a prompt with the model of a run, or of a folder of Hugging Face.

    Example: aprtrain generate run --prompt "def main(" --tokens 40
    """
    from aprtrain.generate import text_of
    from aprtrain.system import open_system

    system = open_system(checkpoint, device=device)
    for text in text_of(system, prompt, tokens, temperature=temperature, seed=seed):
        click.echo(text, nl=False)
    click.echo()


@click.command()
@click.argument("checkpoint", type=FOLDER)
@click.option("--text", help="What the model reads, ...")
@click.option(
    "--tokens", type=click.Path(path_type=Path), help="... or a file with its ids, apart by spaces or commas."
)
@click.option(
    "--positions", nargs=2, type=int, metavar="FIRST STOP", help="Positions in the statistics.  [default: all]"
)
@click.option("--reference", type=FOLDER, help="A checkpoint, or a trace that was saved, to compare with.")
@click.option("--suspect", multiple=True, help="Tensor that may be why the reference, a checkpoint, is another.")
@click.option("--save", type=FOLDER, help="Folder that gets the trace and the outputs themselves.")
@click.option("--json", "as_json", is_flag=True, help="The whole trace as one JSON object.")
@click.option("--plot", "figure", type=click.Path(path_type=Path), help="PNG or SVG of the deviations over the layers.")
@DEVICE
def trace(checkpoint: Path, text: str | None, tokens: Path | None, device: str, **shown: Any) -> None:
    """Say what flows through a model: mean, std, max |x| and finite share of every operation of every layer.

    Example: aprtrain trace run --text "def main():" --plot trace.svg
    """
    from aprtrain.generate import ids_of
    from aprtrain.suspect import try_suspect
    from aprtrain.system import open_system
    from aprtrain.trace import ROWS, compare, first_divergence, plot, read_ids, read_trace
    from aprtrain.trace import trace as follow

    if (text is None) == (tokens is None):
        raise InputError("trace", "needs --text or --tokens, and not both", "give one of them")
    system = open_system(checkpoint, device=device)
    ids = read_ids(tokens) if tokens else ids_of(system, text or "")
    against, save, positions = shown["reference"], shown["save"], shown["positions"]
    found = follow(system, ids, positions, keep=bool(against or save))
    notes, verdict, saved = [""] * len(found.rows), "", bool(against) and (against / ROWS).is_file()
    if against:
        other = read_trace(against) if saved else follow(open_system(against, device=device), ids, positions, keep=True)
        gaps = compare(found, other)
        notes = [f"{gap.ratio:>10.4g} {gap.shift:>10.3g} {gap.distance:>10.3g}" for gap in gaps]
        verdict = first_divergence(found, other, gaps)
    if shown["suspect"]:
        if not against or saved:
            raise InputError("--suspect", "needs a checkpoint to compare with", "give one by --reference")
        trial = try_suspect(system, open_system(against, device=device), shown["suspect"], ids)
        verdict += (
            f"\nsymptom {trial.symptom:.3g}, without {', '.join(shown['suspect'])} {trial.removed:.3g}, "
            f"planted alone {trial.planted:.3g}: {trial.state}"
        )
    if save:
        found.save(save)
    if shown["figure"]:
        plot(found, shown["figure"])
    if shown["as_json"]:
        click.echo(to_json(found.to_json(), indent=1))
        return
    first, stop = found.positions
    click.echo(f"positions {first} to {stop - 1} of {len(ids)} tokens, {found.dtype} on {found.platform}")
    click.echo(
        f"{'operation':<26}{'mean':>11}{'std':>11}{'max |x|':>11}{'finite':>8}"
        + "  std ratio mean shift   distance" * bool(against)
    )
    for row, note in zip(found.rows, notes, strict=True):
        numbers = f"{row.mean:>11.3e}{row.std:>11.3e}{row.largest:>11.3e}{row.finite:>8.3f}"
        click.echo(f"{row.name:<26}{numbers} {note}".rstrip())
    if verdict:
        click.echo(verdict)
