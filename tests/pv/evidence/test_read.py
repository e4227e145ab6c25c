import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pv.evidence import (
    SERIES,
    canonical_bytes,
    derive_level,
    detail,
    measure,
    open_bundle,
    open_unsealed,
    reseal,
    write_json,
)
from pv.evidence.quantities.ledger import COMPARISONS
from pv.methodology import recomputed

MakeBundle = Callable[..., Path]


@pytest.fixture(scope="module")
def sealed(make_bundle: MakeBundle) -> Path:
    return make_bundle(mutant="dropped-bias")


def rules(path: Path) -> set[tuple[str, str]]:
    return {(fault.rule, fault.file) for fault in open_bundle(path).faults}


def raw_paths(bundle: Path) -> list[str]:
    return sorted(path.relative_to(bundle).as_posix() for path in (bundle / "raw").rglob("*") if path.is_file())


def test_an_intact_bundle_has_no_fault_and_every_part(sealed: Path) -> None:
    opened = open_bundle(sealed)
    bundle = opened.bundle
    assert opened.faults == ()
    assert bundle is not None
    assert sealed.name.endswith(bundle.digest[:12])
    assert len(bundle.metrics) == 60
    assert len(bundle.epochs) == 1
    assert len(bundle.attacks) == 7
    assert bundle.patch.startswith("---")
    assert bundle.device[0]["pid"] == "4242"
    for part in (
        bundle.lock,
        bundle.run,
        bundle.data,
        bundle.tensors,
        bundle.summary,
        bundle.reported,
        bundle.evals,
    ):
        assert part
    assert bundle.log


@settings(max_examples=50)
@given(data=st.data())
def test_any_flipped_byte_is_named(sealed: Path, data: st.DataObject) -> None:
    path = sealed / data.draw(st.sampled_from([name for name in raw_paths(sealed) if (sealed / name).stat().st_size]))
    honest = path.read_bytes()
    at = data.draw(st.integers(0, len(honest) - 1))
    flipped = honest[at] ^ data.draw(st.integers(1, 255))
    path.write_bytes(honest[:at] + bytes([flipped]) + honest[at + 1 :])
    try:
        assert ("altered-evidence", path.relative_to(sealed).as_posix()) in rules(sealed)
    finally:
        path.write_bytes(honest)


@settings(max_examples=30)
@given(data=st.data())
def test_any_removed_or_added_file_is_named(sealed: Path, data: st.DataObject) -> None:
    path = sealed / data.draw(st.sampled_from(raw_paths(sealed)))
    extra = path.with_name(data.draw(st.text("abc", min_size=1, max_size=3)) + ".tmp")
    honest = path.read_bytes()
    path.unlink()
    extra.write_bytes(b"")
    try:
        found = rules(sealed)
        assert ("altered-evidence", path.relative_to(sealed).as_posix()) in found
        assert ("altered-evidence", extra.relative_to(sealed).as_posix()) in found
    finally:
        path.write_bytes(honest)
        extra.unlink()


def test_a_renamed_folder_is_noticed(make_bundle: MakeBundle) -> None:
    bundle = make_bundle()
    renamed = bundle.rename(bundle.with_name("2026-05-20-cpu-000000000000"))
    assert rules(renamed) == {("altered-evidence", "manifest.json")}


@settings(max_examples=30)
@given(data=st.data())
def test_any_byte_of_the_manifest_counts(sealed: Path, data: st.DataObject) -> None:
    path = sealed / "manifest.json"
    honest = path.read_bytes()
    at = data.draw(st.integers(0, len(honest) - 1))
    path.write_bytes(honest[:at] + bytes([honest[at] ^ data.draw(st.integers(1, 255))]) + honest[at + 1 :])
    try:
        assert ("altered-evidence", "manifest.json") in rules(sealed)
    finally:
        path.write_bytes(honest)


@pytest.mark.parametrize("kind", ["file", "folder", "raw", "manifest"])
def test_links_are_refused_even_to_equal_bytes(make_bundle: MakeBundle, tmp_path: Path, kind: str) -> None:
    bundle = make_bundle()
    target = bundle / {"file": "raw/run.json", "folder": "raw/attacks", "raw": "raw", "manifest": "manifest.json"}[kind]
    target.rename(tmp_path / "moved")
    target.symlink_to(tmp_path / "moved")
    found = rules(bundle)
    assert any(
        rule == "altered-evidence" and file.startswith(target.relative_to(bundle).as_posix()) for rule, file in found
    )


@pytest.mark.parametrize(
    "path", ["raw/../../x", "/etc/passwd", "raw", "raw/./run.json", "derived/x", "raw//x", "raw/\u0000"]
)
def test_a_manifest_that_lists_paths_outside_is_unreadable(make_bundle: MakeBundle, path: str) -> None:
    bundle = make_bundle()
    write_json(bundle / "manifest.json", {"schema_version": "1", "files": [{"path": path, "size": 0, "sha256": ""}]})
    opened = open_bundle(bundle)
    assert opened.bundle is None
    assert ("unreadable-evidence", "manifest.json") in {(fault.rule, fault.file) for fault in opened.faults}


def test_what_is_no_bundle_at_all(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert rules(tmp_path) == {("incomplete-evidence", "manifest.json")}
    assert rules(tmp_path / "absent") == {("incomplete-evidence", "manifest.json")}
    assert rules(tmp_path / "file") == {("unreadable-evidence", "manifest.json")}


@pytest.mark.parametrize("name", ["claim.lock.json", "run.json"])
def test_a_compulsory_file_that_was_never_there(make_bundle: MakeBundle, name: str) -> None:
    bundle = make_bundle(edit=lambda raw: (raw / name).unlink())
    assert rules(bundle) == {("incomplete-evidence", f"raw/{name}")}
    assert open_bundle(bundle).bundle is None


def test_a_broken_chain_names_the_line(make_bundle: MakeBundle) -> None:
    def drop(raw: Path) -> None:
        lines = (raw / "metrics.jsonl").read_bytes().splitlines(keepends=True)
        (raw / "metrics.jsonl").write_bytes(b"".join(lines[:10] + lines[11:]))

    opened = open_bundle(make_bundle(edit=drop))
    assert [(fault.rule, fault.file) for fault in opened.faults] == [("broken-chain", "raw/metrics.jsonl")]
    assert "line 11" in opened.faults[0].message
    assert opened.bundle is not None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.json", "[]"),
        ("data.json", "{" * 5000),
        ("tensors.json", '{"a": 1e999}'),
        ("evals.jsonl", '{"a":1}\n3\n'),
        ("evals.jsonl", '{"document": "\\udc00"}\n'),
        ("controls.jsonl", '{"a": NaN}\n'),
        ("summary.json", '{"a":1,"a":2}'),
        ("attacks/X.jsonl", "null\n"),
        ("attacks/X.jsonl", '{"law": "l", "outcome": "won"}\n'),
        ("attacks/X.jsonl", '{"law": 1, "outcome": "survived"}\n'),
        ("epochs/epoch-000.json", "1"),
        ("device.csv", "pid\n1\n"),
        ("run.json", '{"schema_version":"1"}'),
        ("run.json", '"x"'),
        ("run.json", "{}"),
        ("claim.lock.json", "{}"),
        ("claim.lock.json", '{"schema_version":"1","claims":[]}'),
        ("claim.lock.json", '{"schema_version":"1","claims":[7]}'),
        ("claim.lock.json", '{"schema_version":"2"}'),
    ],
)
def test_content_that_cannot_be_read_is_a_fault_of_its_file(make_bundle: MakeBundle, name: str, text: str) -> None:
    bundle = make_bundle(edit=lambda raw: (raw / name).write_text(text))
    found = open_bundle(bundle)
    assert {(fault.rule, fault.file) for fault in found.faults} == {("unreadable-evidence", f"raw/{name}")}
    assert (found.bundle is None) == (name in {"run.json", "claim.lock.json"})


def test_a_dropped_mark_of_a_planted_fault_is_not_taken_for_honesty(make_bundle: MakeBundle) -> None:
    bundle = make_bundle(run=lambda part: {key: value for key, value in part.items() if key != "mutant"})
    assert rules(bundle) == {("unreadable-evidence", "raw/run.json")}


def test_a_patch_without_a_name_and_a_name_without_a_patch_are_faults(make_bundle: MakeBundle) -> None:
    expected = {("unreadable-evidence", "raw/mutant.patch")}
    assert rules(make_bundle(mutant="eval-cached", run={"mutant": None})) == expected
    assert rules(make_bundle(run={"mutant": {"name": "eval-cached", "patch": "mutant.patch"}})) == expected


def test_a_file_too_big_to_read_is_said_to_be(make_bundle: MakeBundle) -> None:
    def grow(raw: Path) -> None:
        with (raw / "log.txt").open("r+b") as file:
            file.truncate(64 * 2**20 + 1)

    bundle = make_bundle(edit=grow)
    assert rules(bundle) == {("unreadable-evidence", "raw/log.txt")}
    shutil.rmtree(bundle)


def test_raw_can_be_read_before_it_is_sealed(sealed: Path, tmp_path: Path) -> None:
    shutil.copytree(sealed / "raw", tmp_path / "raw")
    opened = open_unsealed(tmp_path)
    assert opened.faults == ()
    assert opened.bundle is not None
    assert opened.bundle.evals == open_bundle(sealed).bundle.evals  # type: ignore[union-attr]
    assert open_unsealed(tmp_path / "absent").bundle is None


ODD = st.sampled_from(["NaN", "Infinity", "-1", "9" * 40, "", "é", 10**290, -1, 0, 1e308, True, None, 2**70])
wild = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | ODD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
TARGETS = {
    "data.json": (
        "tokenizer",
        "tokenizer_digests",
        "scored",
        "trained",
        "overlap",
        "batch",
        "round_trip",
        "splits",
    ),
    "tensors.json": ("expected", "init", "model", "final", "evaluated", "reported_final"),
    "run.json": (
        "exit_code",
        "planned_steps",
        "executed_steps",
        "config",
        "device",
        "wall_seconds",
        "profile",
    ),
    "evals.jsonl": ("reading", "evaluator", "split", "document", "sum_nats", "tokens"),
    "metrics.jsonl": ("step", "loss", "wall_ms", "prev"),
    "reported.jsonl": ("split", "loss"),
    "attacks/FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005.jsonl": ("law", "worst", "unit", "outcome"),
}


def use_everything(path: Path) -> None:
    opened = open_bundle(path)
    if opened.bundle is None:
        assert opened.faults
        return
    found = recomputed(opened.bundle)
    for name in [*found, *COMPARISONS, "device_errors", "scored_top_share", "nonsense"]:
        detail(opened.bundle, name)
    for series, known in SERIES.items():
        for reduce in known.reducers:
            measure(opened.bundle, series, reduce, "val-b", 3, known=found)
    derive_level(opened.bundle, {"full": {"profile": "cpu", "steps": 1}})


def deep_spots(whole: object, trail: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    yield trail
    items = whole.items() if isinstance(whole, dict) else enumerate(whole) if isinstance(whole, list) else ()
    for key, part in list(items)[:3]:
        if len(trail) < 3:
            yield from deep_spots(part, (*trail, key))


@settings(max_examples=60)
@given(data=st.data())
def test_no_content_makes_a_reader_raise(sealed: Path, data: st.DataObject) -> None:
    """Whatever stands in a sealed file, reading, measuring and levelling raise nothing."""
    name = data.draw(st.sampled_from(sorted(TARGETS)))
    path = sealed / "raw" / name
    honest, manifest = path.read_bytes(), (sealed / "manifest.json").read_bytes()
    value = json.dumps(data.draw(wild)).encode()
    if name.endswith(".jsonl"):
        row = json.loads(honest.splitlines()[0])
        key = data.draw(st.sampled_from(TARGETS[name]))
        row[key] = json.loads(value) if b"Inf" not in value and b"NaN" not in value else 1e308
        spoilt = json.dumps(row).encode() + b"\n" + b"".join(honest.splitlines(keepends=True)[1:])
    else:
        whole = json.loads(honest)
        trail = data.draw(st.sampled_from(list(deep_spots(whole, ()))))
        spoilt = value if not trail else json.dumps(replaced(whole, trail, json.loads(value))).encode()
    path.write_bytes(spoilt)
    moved = reseal(sealed)
    try:
        use_everything(moved)
    finally:
        (moved / "raw" / name).write_bytes(honest)
        (moved / "manifest.json").write_bytes(manifest)
        if moved != sealed:
            moved.rename(sealed)
    assert rules(sealed) == set()


def replaced(whole: object, trail: tuple[object, ...], value: object) -> object:
    if not trail:
        return value
    head, *rest = trail
    copy = dict(whole) if isinstance(whole, dict) else list(whole)  # type: ignore[call-overload]
    copy[head] = replaced(copy[head], tuple(rest), value)
    return copy


@given(st.binary(max_size=300))
@settings(max_examples=40)
def test_no_bytes_in_place_of_a_manifest_raise(sealed: Path, data: bytes) -> None:
    path = sealed / "manifest.json"
    honest = path.read_bytes()
    path.write_bytes(data)
    try:
        assert open_bundle(sealed).faults
    finally:
        path.write_bytes(honest)


def test_canonical_bytes_are_what_the_parts_hold(sealed: Path) -> None:
    path = sealed / "raw" / "data.json"
    assert canonical_bytes(json.loads(path.read_bytes())) == path.read_bytes()


@pytest.mark.parametrize(
    ("part", "spoil"),
    [
        ("run", {"exit_code": "NaN"}),
        ("run", {"exit_code": True}),
        ("run", {"exit_reason": ["completed"]}),
        ("run", {"wall_seconds": "Infinity"}),
        ("data", {"scored": {"tokens": "NaN"}}),
        ("metrics", lambda rows: [{**rows[0], "wall_ms": "-Infinity"}, *rows[1:]]),
        ("evals", lambda rows: [{**rows[0], "sum_nats": "NaN"}, *rows[1:]]),
        ("metrics", lambda rows: [{**rows[0], "loss": "2.5"}, *rows[1:]]),
        ("evals", lambda rows: [{**rows[0], "tokens": True}, *rows[1:]]),
        ("attacks", lambda parts: {name: [{**rows[0], "worst": "7"}] for name, rows in parts.items()}),
        ("attacks", lambda parts: {name: [{**rows[0], "worst": None}] for name, rows in parts.items()}),
        ("attacks", lambda parts: {name: [{**rows[0], "worst": "-Infinity"}] for name, rows in parts.items()}),
    ],
)
def test_a_number_that_was_set_or_counted_is_finite(make_bundle: Callable[..., Path], part: str, spoil: Any) -> None:
    faults = open_bundle(make_bundle(**{part: spoil})).faults
    assert {fault.rule for fault in faults} == {"unreadable-evidence"}


def test_a_reading_may_be_anything(make_bundle: Callable[..., Path]) -> None:
    """A loss that is NaN is a measurement, which refutes."""
    opened = open_bundle(make_bundle(metrics=lambda rows: [*rows[:-1], {**rows[-1], "loss": "NaN"}]))
    assert opened.faults == ()
