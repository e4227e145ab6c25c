"""Which transition is for the worse."""

import pytest

from pv.change import Standing, Transition, transitions
from pv.contract import Loaded
from pv.evidence import Opened
from pv.verdict import Level, Sources, Verdict, judge_contract


def standing(text: str) -> Standing | None:
    verdict, _, level = text.partition(" ")
    if verdict == "absent":
        return None
    return Standing(verdict=Verdict(verdict), level=Level(level) if level else None, evidence=())


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        ("DISCHARGED live", "PARTIAL live", True),
        ("PARTIAL integration", "DISCHARGED live", False),
        ("PARTIAL live", "PARTIAL integration", True),
        ("PARTIAL integration", "PARTIAL live", False),
        ("PARTIAL integration", "UNTESTED", True),
        ("PARTIAL", "SUSPECT", True),
        ("SUSPECT", "FALSIFIED", True),
        ("UNTESTED", "FALSIFIED", True),
        ("UNTESTED", "PARTIAL integration", False),
        ("FALSIFIED", "UNTESTED", True),
        ("FALSIFIED", "PARTIAL live", False),
        ("absent", "FALSIFIED", False),
        ("absent", "UNTESTED", False),
        ("PARTIAL", "absent", False),
    ],
)
def test_worse(before: str, after: str, worse: bool) -> None:
    assert Transition(claim="X", before=standing(before), after=standing(after)).worse is worse


def test_which_claims_moved(sample_contract: Loaded, fresh: Sources, honest: Opened) -> None:
    """A claim that came or went untested has made no transition; one that was judged and went has."""
    judged, blank = ([judge_contract(sample_contract, openeds, fresh)] for openeds in ([honest], []))
    assert transitions(judged, judged) == ()
    assert transitions([], blank) == transitions(blank, []) == ()
    assert len(transitions(judged, [])) == len(transitions([], judged)) == 7
    lost = transitions(judged, blank)
    assert all(one.worse and one.unjudged for one in lost)
    assert lost[0].before is not None
    assert lost[0].before.evidence == (honest.path.name,)
