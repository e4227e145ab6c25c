"""The kill matrix for people at a prompt and for programs: what was not killed comes first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from pv.power import Cell as MatrixCell
from pv.power import Matrix, Naive, Rate, State
from pv.view.json import SCHEMA_VERSION, Payload
from pv.view.layout import Cell, Screen, clean, count, grid, header, number, paint, paragraph

TONES: Final = {
    State.SURVIVED: "red",
    State.CRASHED: "magenta",
    State.INCONCLUSIVE: "yellow",
    State.NOT_APPLIED: "yellow",
    State.NOT_RUN: "bright_black",
    State.EQUIVALENT: "cyan",
    State.KILLED: "green",
}
_INDENT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A cell that was run again, beside what is kept of it."""

    claim: str
    mutant: str
    recorded: State
    repeated: State
    note: str = ""

    @property
    def same(self) -> bool:
        """Whether both read the same."""
        return self.recorded is self.repeated


def power_payload(matrix: Matrix, repeats: Sequence[Repeat] = ()) -> Payload:
    """What `pv power --format json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "summary": _summary(matrix),
        "groups": {name: _rate(rate) for name, rate in matrix.groups.items()},
        "mutants": [asdict(fault) for fault in matrix.faults],
        "falsifiers": [asdict(row) for row in matrix.rows],
        "cells": [asdict(cell) for cell in matrix.cells],
        "survivors": [fault.name for fault in matrix.faults if fault.state is State.SURVIVED],
        "escapes": [[cell.claim, cell.mutant, cell.state] for cell in matrix.escapes],
        "sole_killers": matrix.sole_killers,
        "redundant": matrix.redundant,
        "dull": [row.claim for row in matrix.dull],
        "clean": asdict(matrix.clean),
        "undefended_modules": matrix.undefended,
        "naive_gate": [asdict(one) for one in matrix.naive],
        "repeats": [{**asdict(one), "same": one.same} for one in repeats],
    }


def _summary(matrix: Matrix) -> Payload:
    counts = {state.value.replace(" ", "_"): amount for state, amount in matrix.counts.items()}
    passed = [one for one in matrix.naive if one.passes]
    killed = {fault.name for fault in matrix.faults if fault.state is State.KILLED}
    return {
        "claims": len(matrix.rows),
        "falsifiers": len({row.falsifier for row in matrix.rows}),
        "mutants": len(matrix.faults),
        **counts,
        "kill_rate": _rate(matrix.kill_rate),
        "kill_rate_of_all": _rate(Rate(hits=matrix.counts[State.KILLED], of=len(matrix.faults))),
        "clean_runs": matrix.clean.bundles,
        "clean_training_runs": matrix.clean.training_runs,
        "clean_judgements": matrix.clean.judgements,
        "false_alarms": len(matrix.clean.alarms),
        "false_alarm_rate": _rate(matrix.alarm_rate),
        "naive_gate_runs": len(matrix.naive),
        "naive_gate_passed": len(passed),
        "naive_gate_passed_and_killed_here": len({one.mutant for one in passed} & killed),
    }


def _rate(rate: Rate) -> Payload:
    lower, upper = rate.interval()
    return {"hits": rate.hits, "of": rate.of, "share": rate.share, "lower": lower, "upper": upper}


def power_text(matrix: Matrix, screen: Screen, repeats: Sequence[Repeat] = ()) -> str:
    """The mutants worst first, each falsifier's kills, what follows from them, and last the rates."""
    sections = [
        ("mutants, worst first", _mutant_lines(matrix, screen)),
        ("falsifiers and the mutants that their claims declare", _row_lines(matrix, screen)),
        ("declared, and not killed by the claim's own falsifier", _escape_lines(matrix.escapes, screen)),
        ("killers without which a mutant survives", _pairs(matrix.sole_killers, screen)),
        ("falsifiers all of whose kills others make too", _names(matrix.redundant, screen)),
        ("alarms on clean runs", _alarm_lines(matrix, screen)),
        ("modules of the runs in which no mutant was killed", _names(matrix.undefended, screen)),
        ("groups of faults", _group_lines(matrix, screen)),
        ("the naive gate, val_loss < bound alone", _naive_lines(matrix, screen)),
        ("run again", _repeat_lines(repeats, screen)),
    ]
    blocks = [[paint(title, "bold", screen), *lines] for title, lines in sections if lines]
    return "\n\n".join("\n".join(block) for block in [*blocks, _rate_lines(matrix, screen)])


def _state(state: State) -> Cell:
    return Cell(state, TONES[state])


def _mutant_lines(matrix: Matrix, screen: Screen) -> list[str]:
    order, naive = tuple(State), _naive_words(matrix.naive)
    faults = sorted(matrix.faults, key=lambda fault: (order.index(fault.state), fault.name))
    rows = [
        [
            _state(fault.state),
            Cell(fault.name),
            Cell(fault.group),
            Cell(naive.get(fault.name, "-")),
            Cell(", ".join(fault.killers) or fault.note or fault.summary),
        ]
        for fault in faults
    ]
    titles = header("state", "mutant", "group", "naive gate", "killed by, or why not")
    return grid([titles, *rows], screen, indent=_INDENT) if rows else []


def _naive_words(readings: Iterable[Naive]) -> Mapping[str, str]:
    """Mutant to `passes` if any run under it passed, else `stops`; `no loss` where none reported one."""
    found: dict[str, set[bool | None]] = {}
    for one in readings:
        found.setdefault(one.mutant, set()).add(one.passes)
    return {name: "passes" if True in seen else "stops" if False in seen else "no loss" for name, seen in found.items()}


def _row_lines(matrix: Matrix, screen: Screen) -> list[str]:
    declared: dict[str, list[MatrixCell]] = {}
    for cell in matrix.cells:
        if cell.declared:
            declared.setdefault(cell.claim, []).append(cell)
    rows = []
    for row in matrix.rows:
        mine = declared.get(row.claim, [])
        states = Counter(cell.state for cell in mine)
        killed = states[State.KILLED]
        tone = "dim" if not mine else "green" if killed == len(mine) else "yellow" if killed else "red"
        rest = ", ".join(f"{amount} {state}" for state, amount in states.items() if state is not State.KILLED)
        share = (killed / len(mine) if mine else 2.0, row.claim)
        tally = Cell(f"{killed} of {len(mine)}" if mine else "none declared", tone)
        rows.append((share, [tally, Cell(row.falsifier), Cell(row.claim), Cell(rest)]))
    titles = header("killed", "falsifier", "claim", "the others")
    return grid([titles, *(cells for _, cells in sorted(rows))], screen, indent=_INDENT) if rows else []


def _escape_lines(escapes: Sequence[MatrixCell], screen: Screen) -> list[str]:
    """A row for each mutant and reason, with the claims that it escaped."""
    claims: dict[tuple[State, str, str], list[str]] = {}
    for cell in escapes:
        claims.setdefault((cell.state, cell.mutant, cell.note), []).append(cell.claim)
    rows = [
        [_state(state), Cell(mutant), Cell(note), Cell(", ".join(names))]
        for (state, mutant, note), names in claims.items()
    ]
    return grid([header("state", "mutant", "why", "claims"), *rows], screen, indent=_INDENT) if rows else []


def _pairs(pairs: Mapping[str, Sequence[str]], screen: Screen) -> list[str]:
    return grid([[Cell(name), Cell(", ".join(values))] for name, values in pairs.items()], screen, indent=_INDENT)


def _names(names: Sequence[str], screen: Screen) -> list[str]:
    return paragraph(", ".join(names), screen, indent=_INDENT) if names else []


def _alarm_lines(matrix: Matrix, screen: Screen) -> list[str]:
    rows = [[Cell(one.claim, "red"), Cell(one.bundle), Cell(", ".join(one.by))] for one in matrix.clean.alarms]
    return grid([header("claim", "bundle", "struck"), *rows], screen, indent=_INDENT) if rows else []


def _group_lines(matrix: Matrix, screen: Screen) -> list[str]:
    equivalent = Counter(fault.group for fault in matrix.faults if fault.state is State.EQUIVALENT)
    rows = [
        [
            Cell(name),
            Cell(f"{rate.hits} of {rate.of}", "green" if rate.hits == rate.of else "yellow"),
            Cell(f"{equivalent[name]} equivalent" if equivalent[name] else ""),
        ]
        for name, rate in matrix.groups.items()
        if rate.of or equivalent[name]
    ]
    return grid([header("group", "killed", ""), *rows], screen, indent=_INDENT) if rows else []


def _naive_lines(matrix: Matrix, screen: Screen) -> list[str]:
    states = {fault.name: fault.state for fault in matrix.faults}
    words = {True: ("passes", "red"), False: ("stops", "green"), None: ("no loss", "dim")}
    rows = [
        [
            Cell(*words[one.passes]),
            Cell(one.mutant),
            Cell(number(one.loss, "nats/token")),
            Cell(f"< {number(one.bound)}"),
            _state(states.get(one.mutant, State.NOT_RUN)),
        ]
        for one in sorted(matrix.naive, key=lambda one: (one.passes is not True, one.mutant, one.bundle))
    ]
    titles = header("naive gate", "mutant", "reported loss", "bound", "here")
    return grid([titles, *rows], screen, indent=_INDENT) if rows else []


def _repeat_lines(repeats: Sequence[Repeat], screen: Screen) -> list[str]:
    rows = [
        [
            Cell("same", "green") if one.same else Cell("differs", "red"),
            Cell(one.mutant),
            Cell(one.claim),
            Cell(one.repeated if one.same else f"kept as {one.recorded}, now {one.repeated}"),
            Cell(one.note),
        ]
        for one in repeats
    ]
    return grid(rows, screen, indent=_INDENT)


def _rate_lines(matrix: Matrix, screen: Screen) -> list[str]:
    numbers = matrix.counts
    states = ", ".join(f"{numbers[state]} {state}" for state in State if numbers[state])
    clean_runs = matrix.clean
    runs = f"{count(len(clean_runs.alarms), 'false alarm')} on {count(clean_runs.bundles, 'clean run')}"
    about = [
        f"{count(len(matrix.faults), 'mutant')}: {states or 'none'}",
        f"killed {rate_words(matrix.kill_rate)}, of those not equivalent",
        f"{runs}, {clean_runs.training_runs} of them of the trainer; {rate_words(matrix.alarm_rate)}",
    ]
    if clean_runs.training_runs:
        seeds = ", ".join(map(str, clean_runs.seeds))
        about.append(
            f"clean over the seeds {seeds}; the recipes {', '.join(clean_runs.recipes)}; "
            f"the corpora {', '.join(clean_runs.corpora) or '-'}"
        )
    return [line for text in about for line in paragraph(clean(text), screen, hang=_INDENT)]


def rate_words(rate: Rate) -> str:
    """`9 of 10, 90.0%, interval 59.6% to 98.2%`."""
    if rate.share is None:
        return "0 of 0"
    lower, upper = rate.interval()
    return f"{rate.hits} of {rate.of}, {rate.share:.1%}, interval {lower:.1%} to {upper:.1%}"
