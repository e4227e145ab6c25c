"""SARIF 2.1.0: one file becomes alerts at the lines of a pull request.

Source: OASIS Static Analysis Results Interchange Format 2.1.0; limits of GitHub code scanning: 20 runs a file and
25,000 results a run.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from pv import version
from pv.verdict import ContractVerdict
from pv.view.formats.result import Locate, Result, nearby, nowhere, results
from pv.view.json import dump
from pv.view.layout import clean
from pv.view.pages import Page, pages

MOST_RESULTS: Final = 25_000
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {"invalidates": "error", "caps": "warning", "notes": "note", "": "warning"}


def validate_sarif(verdicts: Sequence[ContractVerdict], locate: Locate = nowhere) -> str:
    """One run with every rule declared and at most `MOST_RESULTS` results, worst first; what was dropped is said."""
    found = results(verdicts, locate)
    kept = found[:MOST_RESULTS]
    rules = _rules(kept)
    places = {rule["id"]: place for place, rule in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "pv", "version": version(), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(found, len(kept))],
        "results": [_result(result, places) for result in kept],
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _invocation(found: Sequence[Result], kept: int) -> dict[str, Any]:
    dropped = len(found) - kept
    if not dropped:
        return {"executionSuccessful": True}
    text = f"{dropped} of {len(found)} results were left out, the least severe: a run holds at most {MOST_RESULTS}"
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": text}}],
    }


def _rules(found: Iterable[Result]) -> list[dict[str, Any]]:
    """Every code that can be printed, fired or not, so that an alert whose cause is gone is closed."""
    known = pages()
    strange = sorted({_id(result) for result in found} - known.keys())
    return [*(_rule(page) for page in known.values()), *({"id": code} for code in strange)]


def _id(result: Result) -> str:
    return clean(result.rule) or "unnamed"


def _rule(page: Page) -> dict[str, Any]:
    return {
        "id": page.id,
        "shortDescription": {"text": page.title},
        "fullDescription": {"text": f"{page.title} {' '.join(page.text.split())}"},
        "help": {"text": f"{page.title}\n\n{page.text}"},
        "defaultConfiguration": {"level": _LEVELS[page.effect]},
        "properties": {"tags": [page.kind]},
    }


def _result(result: Result, places: dict[str, int]) -> dict[str, Any]:
    rule = _id(result)
    return {
        "ruleId": rule,
        "ruleIndex": places[rule],
        "level": result.severity,
        "message": {"text": clean(result.message) or rule},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(result.path)},
                    "region": {"startLine": max(result.line, 1), "startColumn": max(result.column, 1)},
                }
            }
        ],
        "partialFingerprints": {"contractClaimRule/v1": result.fingerprint},
        "properties": {
            "contract": clean(result.contract),
            "claim": clean(result.claim),
            "verdict": clean(result.verdict),
        },
    }


def _uri(path: Path) -> str:
    """A relative reference where the file lies below the working folder, else a file URI."""
    written = nearby(path)
    safe = quote(written.encode(errors="surrogateescape"))
    return f"file://{safe}" if written.startswith("/") else safe
