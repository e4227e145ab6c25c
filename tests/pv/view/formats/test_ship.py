"""How a ledger is shown."""

from pathlib import Path
from typing import Any

import pytest

from pv.contract import Claim, Contract
from pv.ship import Criterion, Ledger, ShippedModel, Step, progress
from pv.verdict import ClaimVerdict, ContractVerdict, Reason, Verdict
from pv.view.formats.ship import ship_markdown, ship_payload, ship_text
from pv.view.layout import Screen

_PATH = Path("x.yaml")
STRANGE = "\x1b[31m|<b>`red`"


@pytest.fixture
def shown() -> Any:
    """Makes the progress of a ledger of one criterion, one step and one claim that lacks reasons."""

    def make(reasons: int = 1, verdict: Verdict = Verdict.PARTIAL, days: float = 2.0) -> Any:
        claim = Claim(id="X-001", rule="r", prediction="p", if_fails="i", planned=True)
        criterion = Criterion(id="AC", says=STRANGE, weight=100, claims=("X-001",))
        step = Step(id="S", says="s", estimate_days=days, claims=("X-001",))
        model = ShippedModel(id="M", says=STRANGE, claimed=1.0, criteria=(criterion,), steps=(step,))
        lacking = tuple(Reason(code=f"code-{number}", message=STRANGE) for number in range(reasons))
        found = ClaimVerdict(claim=claim, verdict=verdict, level=None, reasons=lacking, findings=(), bundles=())
        metadata = {"id": "C-X", "version": "1.0.0", "description": "d"}
        contract = Contract.model_validate({"pv": "1", "metadata": metadata}, strict=False)
        contract = contract.model_copy(update={"falsification_tests": (claim,)})
        owner = ContractVerdict(path=_PATH, contract=contract, stamp=verdict, claims=(found,), problems=())
        return progress(Ledger(ship="1", models=(model,)), (owner,))

    return make


@pytest.mark.parametrize("width", [20, 60, 200])
def test_an_escape_sequence_that_reaches_the_terminal(shown: Any, width: int) -> None:
    text = ship_text(shown(), None, None, Screen(width=width))
    assert "\x1b" not in text
    assert "\\u001b" in text.replace("\n", "").replace(" ", "")


def test_markup_of_strangers(shown: Any) -> None:
    text = ship_markdown(shown(), None, None)
    assert "<b>" not in text
    assert "\\`red" in text


@pytest.mark.parametrize(
    ("reasons", "more"), [(1, ""), (3, ""), (4, "(and 1 more reason)"), (6, "(and 3 more reasons)")]
)
def test_reasons_that_fill_the_screen(shown: Any, reasons: int, more: str) -> None:
    """Three are shown and the others counted; the JSON has all of them."""
    text = ship_text(shown(reasons), None, None, Screen(width=500))
    assert text.count("code-") == min(reasons, 3)
    assert more in text
    payload = ship_payload(_PATH, shown(reasons), None, None)
    assert len(payload["models"][0]["criteria"][0]["claims"][0]["reasons"]) == reasons


@pytest.mark.parametrize(("days", "said"), [(1.0, "about 1 day of work (S)"), (2.5, "about 2.5 days of work (S)")])
def test_the_price_of_the_next_point(shown: Any, days: float, said: str) -> None:
    assert said in ship_text(shown(days=days), None, None, Screen())


def test_what_is_whole(shown: Any) -> None:
    """Where nothing is missing there is nothing to come next."""
    models = shown(0, Verdict.DISCHARGED)
    assert "nothing is missing" in ship_text(models, None, None, Screen())
    assert ship_payload(_PATH, models, None, None)["models"][0]["next"] is None
    assert "over-claim" not in ship_text(models, None, None, Screen())
    assert "over-claim: somebody typed 1 %, the evidence gives 0 %" in ship_text(shown(), None, None, Screen())
