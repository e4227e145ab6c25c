"""`pv doctor`."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pv.cli.checkup import environment, project
from pv.cli.checkup.check import Check, fail, ok, warn

NAMES = [
    "python", "packages", "command", "devices", "disk", "git", "contracts", "trainers", "falsifiers", "caches",
]  # fmt: skip


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what starts an array library."""
    monkeypatch.setattr(environment, "device_check", lambda timeout_s: ok("devices", "a cpu"))
    monkeypatch.setattr(project, "falsifiers_check", lambda timeout_s: ok("falsifiers", "fine"))


@pytest.mark.usefixtures("quick")
def test_lines(site: Any, pv: Any) -> None:
    """Everything is looked at, in an order; warnings do not fail."""
    ran = pv("doctor", "--format", "json")
    checks = json.loads(ran.out)["checks"]
    assert ran.status == 0
    assert [check["name"] for check in checks] == NAMES
    assert all(check["remedy"] for check in checks if check["state"] != "ok")
    text = pv("doctor").out
    assert "10 checks: " in text
    assert "0 fail" in text


@pytest.mark.usefixtures("quick")
def test_a_broken_contract_fails(site: Any, pv: Any) -> None:
    """Something that is needed and does not work is 3, with a remedy."""
    site.contract.write_text("- 1\n")
    ran = pv("doctor")
    assert ran.status == 3
    assert "see pv validate" in ran.out


@pytest.mark.usefixtures("quick")
def test_without_contracts(site: Any, pv: Any) -> None:
    """An empty project is no fault."""
    site.contract.unlink()
    ran = pv("doctor")
    assert (ran.status, "pv new contract NAME" in ran.out) == (0, True)


@pytest.mark.usefixtures("quick")
def test_text(site: Any, pv: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """State, name, what was found; the remedy below."""

    def checks(_timeout_s: float) -> Iterator[Check]:
        yield ok("one", "fine")
        yield warn("two", "so so", "do this")
        yield fail("three", "broken", "do that")

    monkeypatch.setattr("pv.cli.doctor._checks", checks)
    ran = pv("doctor")
    assert ran.status == 3
    assert ran.out == (
        "ok    one    fine\n"
        "warn  two    so so\n"
        "             fix: do this\n"
        "fail  three  broken\n"
        "             fix: do that\n"
        "\n"
        "3 checks: 1 ok, 1 warn, 1 fail\n"
    )
