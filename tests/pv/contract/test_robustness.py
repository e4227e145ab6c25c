"""Whatever a file or folder holds: a clear problem, no traceback, within 5 s and 500 MB."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.contract import load, load_all

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "legacy").glob("**/*.yaml"))
ROOT = Path(__file__).parents[3]
MB = 1_000_000
CHILD = """
import resource, sys, time
limit = {limit}
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from pv.contract import load_all
started = time.perf_counter()
for dialect in ("old", "new"):
    found = load_all([sys.argv[1]], dialect=dialect)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))  # ru_maxrss has the parent's
print(time.perf_counter() - started, int(peak.split()[1]) * 1024)
for problem in found.problems[:20]:
    print(str(problem).splitlines()[0])
"""


def judged_aside(path):
    """Seconds, peak bytes and problems of loading a path, twice, in a process that may have 500 MB."""
    code = CHILD.format(limit=500 * MB)
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, str(path)],
        check=False, capture_output=True, text=True, timeout=30, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    first, *problems = done.stdout.splitlines()
    seconds, peak = map(float, first.split())
    return seconds, peak, problems


def many(count, line):
    return "".join(line.format(n=n) for n in range(count))


HEAD = 'metadata: {version: "1", description: d, references: [r]}\nequations: {e: {formula: f}}\n'
HOSTILE = {
    "alias-bomb": many(1, "a: &a0 [x, x, x, x, x, x, x, x, x]\n")
    + "".join(f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
    "anchors": "- &a x\n" * 90_000,
    "recursive": "a: &a [*a]\n",
    "deep": "a: " + "[" * 400_000,
    "nested-50": "".join("  " * n + f"k{n}:\n" for n in range(60)),
    "one-line": "a: " + "x" * 900_000,
    "tests": HEAD + "falsification_tests:\n" + many(9_000, "- {{id: F-{n}, rule: r{n}, prediction: p, if_fails: f}}\n"),
    "harnesses": HEAD + "kani_harnesses:\n" + many(12_000, "- {{id: K-{n}, obligation: ob{n}, strategy: s{n}}}\n"),
    "obligations": HEAD + "proof_obligations:\n" + many(15_000, "- {{type: t{n}, property: p{n}, applies_to: e{n}}}\n"),
    "unknown-keys": HEAD + many(40_000, "stray_key_{n}: 1\n"),
    "unknown-keys-in-rows": HEAD + "falsification_tests:\n" + many(12_000, "- {{idd{n}: x, rul{n}: y, tst{n}: z}}\n"),
    "constants": HEAD + "x: |\n" + many(30_000, "  val_loss_{n} < {n}\n"),
    "prose": HEAD
    + "falsification_tests:\n- {id: F, rule: r, prediction: p, if_fails: f, test: '"
    + "a " * 400_000
    + "'}\n",
    "equations": "metadata: {version: '1', description: d, references: [r]}\nequations:\n"
    + many(20_000, "  e{n}: {{formula: ''}}\n"),
    "repeats": "equations:\n" + "  e: {formula: f}\n" * 30_000,
    "registry": "version: '1'\ntarget_crate: c\nbindings:\n"
    + many(15_000, "- {{contract: c{n}.yaml, equation: e, status: s{n}}}\n"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_file_costs_little(name, write):
    assert len(HOSTILE[name].encode()) <= 3 * MB
    path = write(HOSTILE[name], f"{name}.yaml")
    seconds, peak, problems = judged_aside(path)
    assert problems
    assert seconds < 5
    assert peak < 500 * MB


def test_a_gigabyte_of_anchors_is_refused_unread(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.write(b"- &a x\n" * 100)
        file.truncate(1_000_000_000)
    seconds, peak, problems = judged_aside(path)
    assert [problem.split(" ", 2)[1:] for problem in problems] == [
        ["error", "file-too-large: more than 1,000,000 bytes"]
    ]
    assert seconds < 1
    assert peak < 200 * MB


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1", "cp1252", "utf-7"])
def test_other_encodings_are_told(tmp_path, encoding):
    path = tmp_path / "c.yaml"
    path.write_bytes("metadata: {description: 'é “x”'}\n".encode(encoding, errors="replace"))
    loaded = load(path)
    assert not loaded.valid
    assert all(str(problem) for problem in loaded.problems)


def test_bom_and_crlf_change_nothing_but_that_the_mark_itself_may_be_told(tmp_path):
    for fixture in FIXTURES[::5]:
        text = fixture.read_bytes()
        path = tmp_path / fixture.name
        path.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
        told = [(p.line, p.column, p.code, p.severity) for p in load(path).problems]
        ours = [one for one in told if one != (1, 1, "bad-character", "error")]
        assert ours == [(p.line, p.column, p.code, p.severity) for p in load(fixture).problems], fixture


def test_links_that_lead_round_and_unreadable_files_are_told(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self.yaml").symlink_to(tmp_path / "self.yaml")
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere.yaml")
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    found = load_all([tmp_path])
    assert {loaded.path.name: [p.code for p in loaded.problems] for loaded in found.files} == {
        "gone.yaml": ["unreadable"],
        "pipe.yaml": ["unreadable"],
        "self.yaml": ["unreadable"],
    }


def test_a_folder_that_changes_underneath_is_told(tmp_path, write, monkeypatch):
    for name in "abc":
        write("pv: '1'\n", f"{name}.yaml")

    def read(files):
        (tmp_path / "b.yaml").unlink()
        (tmp_path / "c.yaml").write_text("not: [yaml")
        return [load(file) for file in files]

    found = load_all([tmp_path], read)
    assert [loaded.problems[0].code for loaded in found.files][1:] == ["unreadable", "bad-yaml"]


def mutated(data, rng):
    """A file with some of it cut, doubled, exchanged or replaced."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at, to = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        match rng.randrange(5):
            case 0:
                del data[at:]
            case 1:
                data[at:at] = data[at:to]
            case 2:
                del data[at : at + rng.randint(1, 9)]
            case 3:
                data[at : at + 1] = bytes([rng.randrange(256)])
            case 4:
                data[at:at] = rng.choice([b": ", b"- ", b"[", b"}", b"&a ", b"*a", b"!!str ", b"\n", b"~", b"'", b"  "])
        if not data:
            data = bytearray(b"a")
    return bytes(data)


def test_mutated_and_truncated_files_never_make_it_raise(tmp_path):
    rng = random.Random(20261120)
    path = tmp_path / "c.yaml"
    started = time.perf_counter()
    for round_ in range(1500):
        path.write_bytes(mutated(rng.choice(FIXTURES).read_bytes(), rng))
        loaded = load(path, dialect=("old", "new")[round_ % 2])
        assert loaded.contract is not None or loaded.problems
        assert all(str(problem) and problem.line >= 1 and problem.column >= 1 for problem in loaded.problems)
    assert time.perf_counter() - started < 60


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_make_it_raise(tmp_path, raw):
    path = tmp_path / "c.yaml"
    path.write_bytes(raw)
    for dialect in ("old", "new"):
        loaded = load(path, dialect=dialect)
        assert loaded.contract is not None or loaded.problems


BLOCKS = [
    "metadata", "equations", "proof_obligations", "kernel_structure", "simd_dispatch", "enforcement",
    "falsification_tests", "kani_harnesses", "qa_gate", "verification_summary", "type_invariants", "coq_spec", "beat",
    "stories", "invariants", "gates", "falsification", "baseline", "target", "bindings", "version", "target_crate",
]  # fmt: skip
KEYS = st.sampled_from(
    ["id", "type", "lean", "phases", "check", "claims", "kind", "before", "status", "references", "x"]
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "kaizen", "beat-benchmark", "F-1", "1e-6"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(BLOCKS), TREES, min_size=1))
def test_no_shape_of_any_block_makes_it_raise(write, data):
    path = write(data)
    for dialect in ("old", "new"):
        assert load_all([path], dialect=dialect).files
