import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pv.errors import EvidenceError
from pv.evidence import find_bundles, keep, open_bundle, read_json, reseal, seal, sha256_file

DAY = datetime(2026, 5, 20, 23, 59, tzinfo=UTC)
MakeBundle = Callable[..., Path]


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    folder = tmp_path / "staging"
    (folder / "raw" / "epochs").mkdir(parents=True)
    (folder / "raw" / "run.json").write_text("{}")
    (folder / "raw" / "epochs" / "epoch-000.json").write_text("{}")
    return folder


def place(staging: Path, **changed: str) -> Path:
    names = {"contract": "c-v1", "profile": "cpu"} | changed
    return seal(staging, staging.parent / "runs", when=DAY, **names)


def test_a_sealed_folder_is_named_by_its_manifest(staging: Path) -> None:
    bundle = place(staging)
    digest = sha256_file(bundle / "manifest.json")
    assert bundle == staging.parent / "runs" / "c-v1" / f"2026-05-20-cpu-{digest[:12]}"
    assert not staging.exists()
    manifest = read_json(bundle / "manifest.json")
    assert manifest["schema_version"] == "1"
    assert [row["path"] for row in manifest["files"]] == ["raw/epochs/epoch-000.json", "raw/run.json"]
    assert {row["size"] for row in manifest["files"]} == {2}


def test_nothing_to_seal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    with pytest.raises(EvidenceError, match="holds no file"):
        place(tmp_path)
    with pytest.raises(EvidenceError, match="cannot be listed"):
        place(tmp_path / "absent")


@pytest.mark.parametrize("kind", ["link", "dangling", "folder-link", "raw-link", "fifo"])
def test_what_is_no_plain_file_is_refused(staging: Path, kind: str) -> None:
    raw = staging / "raw"
    match kind:
        case "link":
            (raw / "x").symlink_to(raw / "run.json")
        case "dangling":
            (raw / "x").symlink_to("nowhere")
        case "folder-link":
            (raw / "x").symlink_to(raw / "epochs")
        case "raw-link":
            raw.rename(staging / "elsewhere")
            raw.symlink_to(staging / "elsewhere")
        case "fifo":
            os.mkfifo(raw / "x")
    with pytest.raises(EvidenceError, match="not a regular file"):
        place(staging)


def test_names_that_cannot_be_listed_are_refused(staging: Path) -> None:
    (staging / "raw" / "a\nb").write_text("")
    with pytest.raises(EvidenceError, match="cannot be listed"):
        place(staging)


@pytest.mark.parametrize("changed", [{"contract": "../x"}, {"profile": ""}, {"profile": "a/b"}, {"contract": ".tmp-x"}])
def test_names_that_leave_the_root_are_refused(staging: Path, changed: dict[str, str]) -> None:
    with pytest.raises(EvidenceError, match="folder's name"):
        place(staging, **changed)


def test_the_same_evidence_may_be_sealed_twice(staging: Path) -> None:
    again = staging.with_name("again")
    shutil.copytree(staging, again)
    first = place(staging)
    assert place(again) == first
    assert not again.exists()


def test_a_place_taken_by_something_else_is_refused(staging: Path) -> None:
    again = staging.with_name("again")
    shutil.copytree(staging, again)
    first = place(staging)
    (first / "raw" / "run.json").write_text("[]")
    with pytest.raises(EvidenceError, match="another bundle"):
        place(again)
    assert again.exists()


def test_a_place_on_another_file_system_is_refused(staging: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(EvidenceError, match="cross-device"):
        place(staging)


def test_resealing_names_the_folder_anew(make_bundle: MakeBundle) -> None:
    bundle = make_bundle()
    (bundle / "raw" / "log.txt").write_text("another story\n")
    assert [fault.file for fault in open_bundle(bundle).faults] == ["raw/log.txt"]
    moved = reseal(bundle)
    assert moved != bundle
    assert moved.parent == bundle.parent
    assert moved.name.startswith("2026-05-20-cpu-")
    assert open_bundle(moved).faults == ()
    assert reseal(moved) == moved


def test_keeping_copies_what_is_judged_and_what_people_read(make_bundle: MakeBundle, tmp_path: Path) -> None:
    bundle = make_bundle()
    for name in ("checkpoint/0/state", "derived/README.md", "derived/loss.svg", "derived/verdict.json"):
        (bundle / name).parent.mkdir(parents=True, exist_ok=True)
        (bundle / name).write_text("x")
    kept = keep(bundle, tmp_path)
    assert kept == tmp_path / bundle.parent.name / bundle.name
    assert sorted(path.name for path in kept.iterdir()) == ["derived", "manifest.json", "raw"]
    assert sorted(path.name for path in (kept / "derived").iterdir()) == ["README.md", "loss.svg"]
    assert open_bundle(kept).faults == ()
    assert keep(bundle, tmp_path) == kept
    assert find_bundles(tmp_path) == [kept]


def test_keeping_altered_evidence_is_refused(make_bundle: MakeBundle, tmp_path: Path) -> None:
    bundle = make_bundle()
    (bundle / "raw" / "extra").write_text("")
    with pytest.raises(EvidenceError, match="was not there"):
        keep(bundle, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_finding_passes_over_what_is_unfinished(make_bundle: MakeBundle, tmp_path: Path) -> None:
    one = make_bundle(root=tmp_path)
    other = make_bundle(root=tmp_path, contract="other-v1")
    shutil.copytree(one, one.parent / ".tmp-x")
    shutil.copytree(one.parent, tmp_path / ".tmp-y")
    (tmp_path / "c" / "no-manifest").mkdir(parents=True)
    (tmp_path / "manifest.json").write_text("")
    assert find_bundles(tmp_path) == sorted([one, other])
    assert find_bundles(tmp_path, "other-v1") == [other]
    assert find_bundles(tmp_path / "absent") == []
