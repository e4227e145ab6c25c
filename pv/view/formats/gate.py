"""The gate's answer, for people and for programs."""

from pv.policy import Decision, Refusal, Required, Waiver
from pv.view.json import SCHEMA_VERSION, Payload
from pv.view.layout import Cell, Screen, count, grid, header, paint
from pv.view.text import TONES


def gate_text(base: str, decision: Decision, screen: Screen) -> str:
    """The answer, the contracts with their stamps, and every reason against it, covered ones last."""
    word, tone = ("REFUSED", "red") if decision.exit_status else ("ACCEPTED", "green")
    against = f"against {base}" if base else "against no base"
    selected = f"{len(decision.selected)} of {count(decision.contracts, 'contract')} selected"
    lines = [f"{paint(word, tone, screen)}  exit {decision.exit_status}; {selected}, {against}"]
    if decision.selected:
        rows = [_required(row) for row in decision.selected]
        lines += ["", *grid([header("contract", "stamp", "required", "met"), *rows], screen, indent=2)]
    if decision.refusals:
        ordered = sorted(decision.refusals, key=lambda one: one.waiver is not None)
        titles = header("refusal", "exit", "about", "why")
        lines += ["", *grid([titles, *map(_refusal, ordered)], screen, indent=2)]
    return "\n".join(lines)


def _required(row: Required) -> list[Cell]:
    met = Cell("yes", "green") if row.met else Cell("no", "red")
    return [Cell(row.contract), Cell(row.stamp, TONES[row.stamp]), Cell(row.required), met]


def _refusal(one: Refusal) -> list[Cell]:
    if one.waiver is None:
        return [Cell(one.code, "red"), Cell(str(one.exit_status)), Cell(one.subject), Cell(one.message)]
    waived = f"waived by {one.waiver.owner} until {one.waiver.expires.isoformat()}: {one.waiver.reason} ({one.message})"
    return [Cell(one.code, "dim"), Cell("-"), Cell(one.subject), Cell(waived)]


def gate_payload(base: str, decision: Decision) -> Payload:
    """What `pv gate --format json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "accepted": decision.exit_status == 0,
        "exit_status": decision.exit_status,
        "base": base or None,
        "contracts": decision.contracts,
        "selected": [
            {"contract": row.contract, "stamp": row.stamp.value, "required": row.required.value, "met": row.met}
            for row in decision.selected
        ],
        "refusals": [
            {
                "code": one.code,
                "subject": one.subject,
                "message": one.message,
                "exit_status": one.exit_status,
                "waiver": _waiver(one.waiver) if one.waiver else None,
            }
            for one in decision.refusals
        ],
        "unused_waivers": [_waiver(waiver) for waiver in decision.unused],
    }


def _waiver(waiver: Waiver) -> Payload:
    return {
        "breach": waiver.breach,
        "on": waiver.on,
        "owner": waiver.owner,
        "reason": waiver.reason,
        "expires": waiver.expires.isoformat(),
    }
