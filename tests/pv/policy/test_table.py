"""Reading the table of the gate."""

from datetime import date
from typing import Any

import pytest

from pv.errors import UsageError
from pv.policy import Policy, read_policy
from pv.verdict import Verdict

TODAY = date(2026, 11, 20)
WAIVER: dict[str, Any] = {
    "breach": "claim-loosened",
    "on": "FALSIFY-005",
    "owner": "me",
    "reason": "new hardware",
    "expires": date(2026, 11, 21),
}


def test_everything() -> None:
    table = {
        "require": "PARTIAL",
        "contracts": {"C-*": "DISCHARGED"},
        "tags": {"kernel": "DISCHARGED"},
        "forbid": ["invalidates", "vacuous-bound"],
        "base": "origin/main",
        "waivers": [WAIVER, WAIVER | {"expires": "2027-01-01"}],
    }
    found = read_policy(table, today=TODAY)
    assert (found.require, dict(found.contracts), dict(found.tags)) == (
        Verdict.PARTIAL,
        {"C-*": Verdict.DISCHARGED},
        {"kernel": Verdict.DISCHARGED},
    )
    assert (found.forbid, found.base) == (frozenset({"invalidates", "vacuous-bound"}), "origin/main")
    assert [waiver.expires for waiver in found.waivers] == [date(2026, 11, 21), date(2027, 1, 1)]


def test_nothing() -> None:
    assert read_policy({}, today=TODAY) == Policy()


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({"requires": "PARTIAL"}, "requires"),
        ({"require": "UNTESTED"}, "UNTESTED"),
        ({"require": 1}, "require"),
        ({"require": ["PARTIAL"]}, "require"),
        ({"contracts": {"C-*": "FALSIFIED"}}, "contracts.C-"),
        ({"contracts": "C-*"}, "contracts"),
        ({"tags": ["kernel"]}, "tags"),
        ({"forbid": "invalidates"}, "forbid"),
        ({"forbid": ["no-such-rule"]}, "no-such-rule"),
        ({"forbid": [["x"]]}, "forbid"),
        ({"base": 1}, "base"),
        ({"waivers": WAIVER}, "waivers"),
        ({"waivers": ["x"]}, "waivers"),
    ],
)
def test_a_table_that_says_something_else(table: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        read_policy(table, today=TODAY)


@pytest.mark.parametrize("key", ["breach", "on", "owner", "reason", "expires"])
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_incomplete_waiver(key: str, empty: str | None) -> None:
    row = {name: value for name, value in WAIVER.items() if name != key} | ({} if empty is None else {key: empty})
    with pytest.raises(UsageError, match=f"is incomplete: it has no {key}"):
        read_policy({"waivers": [row]}, today=TODAY)


@pytest.mark.parametrize("expires", [TODAY, "2026-11-20", date(2020, 1, 1)])
def test_an_expired_waiver(expires: object) -> None:
    with pytest.raises(UsageError, match=r"waiver 1 \(claim-loosened on FALSIFY-005\): expired on 20"):
        read_policy({"waivers": [WAIVER | {"expires": expires}]}, today=TODAY)


@pytest.mark.parametrize(
    "change",
    [
        {"breach": "forbidden-finding"},
        {"expires": "soon"},
        {"expires": 2027},
        {"owner": 3},
        {"until": "2027-01-01"},
    ],
)
def test_a_waiver_that_says_something_else(change: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="waiver 1"):
        read_policy({"waivers": [WAIVER | change]}, today=TODAY)
