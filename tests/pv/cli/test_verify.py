"""`pv verify`."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Golden = Callable[[str, str], None]


def test_intact(site: Any, pv: Any, golden: Golden) -> None:
    """An intact bundle is judged again; what that establishes is said, and what it does not."""
    bundle = site.bundle().relative_to(site.root)
    ran = pv("verify", bundle)
    assert (ran.status, ran.err) == (0, "")
    golden("verify-intact.txt", ran.out)


def test_json(site: Any, pv: Any) -> None:
    """The same as JSON, with every control, contrast and finding."""
    bundle = site.bundle().relative_to(site.root)
    payload = json.loads(pv("verify", bundle, "--format", "json").out)
    (found,) = payload["bundles"]
    assert found["intact"] is True
    assert found["path"] == bundle.as_posix()
    assert found["contract"] == "C-APR-PRETRAIN-INIT-FINETUNE"
    assert len(found["claims"]) == 7
    assert {claim["verdict"] for claim in found["claims"]} == {"PARTIAL"}
    assert payload["does_not_establish"]


@pytest.mark.parametrize(
    "file",
    ["raw/metrics.jsonl", "raw/claim.lock.json", "raw/run.json", "raw/evals.jsonl", "raw/log.txt", "manifest.json"],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_altered_file(site: Any, pv: Any, file: str, form: str) -> None:
    """A changed byte makes 4 and names the file."""
    path = site.bundle() / file
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    ran = pv("verify", path.parents[file.count("/")], "--format", form)
    assert ran.status == 4
    assert file in ran.out
    assert "this establishes" not in ran.out


def test_a_bundle_of_another_trainer(site: Any, pv: Any) -> None:
    """One with losses of steps and documents and little else is judged by what it holds; the rest is listed by name."""
    bundle = site.bundle(
        run=lambda run: {key: run[key] for key in ("schema_version", "profile", "started_at", "trainer", "mutant")},
        data=lambda _: {},
        tensors=lambda _: {},
        summary=lambda _: {},
        epochs=lambda _: [],
        reported=lambda _: [],
        attacks=lambda _: {},
        metrics=lambda rows: [{"step": row["step"], "loss": row["loss"]} for row in rows],
    )
    ran = pv("verify", bundle)
    assert (ran.status, ran.err) == (4, "")
    assert "  not judged\n" in ran.out
    assert "crashed-run the exit status is not recorded" in " ".join(ran.out.split())
    claims = json.loads(pv("verify", bundle, "--format", "json").out)["bundles"][0]["claims"]
    loss = next(claim for claim in claims if claim["claim"].endswith("005"))
    reasons = {one["rule"]: one["reason"] for one in loss["not_judged"]}
    assert reasons["impossible-speed"] == "the peak of an unnamed device is not known"
    assert {"silent-cpu", "best-of-many", "tokens-beyond-corpus", "uncommitted-code"} <= set(reasons)


def test_added_file(site: Any, pv: Any) -> None:
    """A file that was not sealed makes 4 and is named."""
    bundle = site.bundle()
    (bundle / "raw" / "extra.json").write_text("{}")
    ran = pv("verify", bundle)
    assert ran.status == 4
    assert "raw/extra.json" in ran.out


def test_mutant_run(site: Any, pv: Any) -> None:
    """A run under a mutant says so, and its verdict does not decide the exit status."""
    bundle = site.bundle(mutant="unk-corpus")
    ran = pv("verify", bundle)
    assert ran.status == 0
    assert "made under the mutant unk-corpus" in ran.out


def test_reading_outside_its_band(site: Any, pv: Any) -> None:
    """A stored reading that differs from the recomputed one, sealed as it is, is SUSPECT and makes 4."""

    def lie(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        row = {"name": "constant-logits", "control_set": "lm-loss", "item": 2, "expected": "", "unit": "nats/token"}
        return [*rows, {**row, "low": 6.2, "high": 6.3, "reading": 9.0, "ok": True, "detail": ""}]

    ran = pv("verify", site.bundle(controls=lie))
    assert ran.status == 4
    assert "SUSPECT" in ran.out


def test_unknown_contract(site: Any, pv: Any) -> None:
    """An intact bundle whose contract is not here gets no verdict, which makes 3."""
    bundle = site.bundle("elsewhere", contract="another-v1")
    site.contract.unlink()
    ran = pv("verify", bundle)
    assert ran.status == 3
    assert "no verdict: C-APR-PRETRAIN-INIT-FINETUNE is not among the contracts here" in ran.out


def test_no_bundle(site: Any, pv: Any) -> None:
    """A missing path, a file and a folder without a manifest make 2, each told apart."""
    for path, what in (("nowhere", "no such"), (site.contract, "no folder"), (site.root, "no manifest.json")):
        ran = pv("verify", path)
        assert (ran.status, ran.out) == (2, "")
        assert what in ran.err


def test_no_argument(site: Any, pv: Any) -> None:
    """Nothing to verify is a usage error."""
    assert pv("verify").status == 2
