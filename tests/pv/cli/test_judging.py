"""Output and exit status are the same for any number of processes, with and without what is remembered."""

import shutil
from pathlib import Path

import pytest

LEGACY = """\
metadata: {{version: "1.0.0", description: sums, depends_on: [part-{before}]}}
equations: {{sum: {{formula: "x + y"}}}}
falsification_tests: [{{id: F-{number}, rule: r, prediction: p, if_fails: f, status: {status}}}]
"""


@pytest.fixture
def many(site):
    """A project of forty more contracts, some of them spoilt, with a bundle that was altered."""
    for number in range(40):
        status = "DISCHARGED" if number % 3 else "OPEN"
        text = LEGACY.format(number=number % 37, before=(number + 1) % 45, status=status)
        spoilt = {7: "a: [", 8: "", 9: 'pv: "1"\nmetadta: {}\n', 10: text.replace("equations", "equatons")}
        path = site.root / "contracts" / f"part-{number}.yaml"
        path.write_text(spoilt.get(number, text), encoding="utf-8")
    bundle = site.bundle(".pv/runs")
    (bundle / "raw" / "log.txt").write_text("altered")
    site.bundle()
    return site


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "markdown"])
def test_neither_processes_nor_caches_change_anything(many, pv, form: str) -> None:
    alone = pv("validate", "--format", form, "--no-cache", "-j", 1)
    assert alone.status != 0
    for arguments in (["--no-cache", "-j", 3], ["-j", 2], ["-j", 1], [], ["--no-cache"]):
        assert pv("validate", "--format", form, *arguments) == alone
        shutil.rmtree(many.root / ".pv" / "cache" / "printed", ignore_errors=True)
    assert any((many.root / ".pv" / "cache" / "contracts").iterdir())


def test_without_a_cache_nothing_is_written(many, pv) -> None:
    pv("validate", "--no-cache")
    assert not (many.root / ".pv" / "cache").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "contracts/part-3.yaml").write_text("a: 1"),
        lambda root: (root / "contracts/part-3.yaml").unlink(),
        lambda root: next((root / "evidence").rglob("raw/log.txt")).write_text("altered"),
        lambda root: shutil.rmtree(root / "evidence"),
        lambda root: shutil.rmtree(root / ".pv/runs"),
    ],
)
def test_a_warm_result_is_what_a_cold_one_would_be(many, pv, change) -> None:
    before = pv("validate")
    change(Path(many.root))
    after = pv("validate")
    assert after == pv("validate", "--no-cache")
    assert after != before
