"""Many files: found, checked against each other, and searched."""

import copy
import os

import pytest

from pv.contract import load_all, resolve
from pv.errors import UsageError


def named(contract, letter, **claim):
    fresh = copy.deepcopy(contract)
    fresh["metadata"]["id"] = f"C-{letter}-INIT"
    fresh["proof_obligations"], fresh["gates"] = [], []
    for number, entry in enumerate(fresh["falsification_tests"], start=1):
        entry["id"] = f"FALSIFY-{letter}-00{number}"
    fresh["falsification_tests"][0]["aliases"] = [f"{letter}-1"]
    fresh["falsification_tests"][0] |= claim
    return fresh


def told(loaded):
    return [(problem.code, problem.severity, problem.line, problem.column) for problem in loaded.problems]


def test_folders_are_walked_sorted_and_the_odd_is_left_out(tmp_path, write, good):
    for name in (
        "z.yaml",
        "a/b.yml",
        "a/.hidden.yaml",
        ".git/x.yaml",
        "schema.yaml",
        "a/x.schema.yaml",
        "n.txt",
    ):
        write(named(good, "A"), name)
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "copy.yaml").symlink_to(tmp_path / "z.yaml")
    found = [loaded.path.relative_to(tmp_path).as_posix() for loaded in load_all([tmp_path, tmp_path / "z.yaml"]).files]
    assert found == ["copy.yaml", "a/b.yml"]
    assert len(load_all([tmp_path / ".git", tmp_path / "a" / ".hidden.yaml"]).files) == 2


def test_nothing_found_is_an_empty_set_and_a_missing_path_is_an_error(tmp_path):
    assert load_all([tmp_path]).files == ()
    assert load_all([]).contracts == ()
    with pytest.raises(UsageError, match="no such file or folder") as caught:
        load_all([tmp_path, tmp_path / "missing"])
    assert caught.value.exit_code == 2


def test_a_dangling_link_and_a_folder_that_cannot_be_listed_are_problems(tmp_path, write, monkeypatch):
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    assert [problem.code for problem in load_all([tmp_path]).problems] == ["unreadable"]
    (tmp_path / "closed").mkdir()
    walk = os.scandir

    def scandir(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return walk(path)

    monkeypatch.setattr("os.scandir", scandir)
    stray = load_all([tmp_path]).stray
    assert [(problem.path.rpartition("/")[2], problem.message) for problem in stray] == [
        ("closed", "folder cannot be listed: Permission denied")
    ]


def test_names_are_unique_across_contracts(tmp_path, write, good):
    write(named(good, "A"), "a.yaml")
    write(named(good, "B", id="FALSIFY-A-001", aliases=["A-1", "FALSIFY-A-002"]), "b.yaml")
    first, second = load_all([tmp_path]).files
    assert first.problems == ()
    assert [problem.message.split(" is also")[0] for problem in second.problems] == [
        "claim `FALSIFY-A-001`",
        "alias `A-1`",
        "alias `FALSIFY-A-002`",
    ]
    assert second.problems[0].message.endswith("a.yaml:18:7")
    assert not second.valid


def test_between_generations_a_shared_name_is_a_warning_at_the_older(tmp_path, write, good):
    old = {
        "metadata": {"version": "1.0.0"},
        "falsification_tests": [{"id": "A-1", "rule": "r", "prediction": "p", "if_fails": "f"}],
    }
    write(old, "0-old.yaml")
    write(named(good, "A"), "a.yaml")
    write(old, "z-old.yaml")
    first, own, last = load_all([tmp_path]).files
    shared = [[found for found in told(loaded) if found[0] == "duplicate-id"] for loaded in (first, own, last)]
    assert shared == [
        [("duplicate-id", "warning", 4, 7)],
        [],
        [("duplicate-id", "warning", 4, 7)],
    ]


def test_dependencies_lead_to_files_and_not_in_a_circle(tmp_path, write, good):
    a, b, c = (named(good, letter) for letter in "ABC")
    a["metadata"]["depends_on"] = ["b-file", "C-C-INIT", "c.yaml", "missing-v1"]
    b["metadata"]["depends_on"] = ["C-A-INIT"]
    for name, contract in (("a", a), ("b-file", b), ("c", c)):
        write(contract, f"{name}.yaml")
    first, second, third = load_all([tmp_path]).files
    assert [(p.code, p.severity, p.message) for p in first.problems] == [
        ("circular", "error", "`b-file` leads back to this contract"),
        ("unknown-dependency", "warning", "`missing-v1` is not among the files that were read"),
    ]
    assert [problem.code for problem in second.problems] == ["circular"]
    assert third.problems == ()


def test_a_claim_that_rests_on_another_leads_to_it(tmp_path, write, good):
    write(named(good, "A", discharged_by="b-init/001"), "a.yaml")
    write(named(good, "B", discharged_by="FALSIFY-Z-001"), "b.yaml")
    write(named(good, "C", discharged_by="D-1"), "c.yaml")
    write(named(good, "D", discharged_by="C-1"), "d.yaml")
    codes = [[(p.code, p.severity) for p in loaded.problems] for loaded in load_all([tmp_path]).files]
    assert codes == [[], [("unknown-claim", "warning")], [("circular", "error")], [("circular", "error")]]


@pytest.fixture
def contracts(tmp_path, write, good):
    for letter in "AB":
        write(named(good, letter), f"{letter}.yaml")
    return load_all([tmp_path]).contracts


@pytest.mark.parametrize(
    ("reference", "claim"),
    [
        ("FALSIFY-A-001", "FALSIFY-A-001"),
        ("A-1", "FALSIFY-A-001"),
        ("B-002", "FALSIFY-B-002"),
        ("-B-002", "FALSIFY-B-002"),
        ("b-init/002", "FALSIFY-B-002"),
        ("C-A-INIT/001", "FALSIFY-A-001"),
        (" A-1 ", "FALSIFY-A-001"),
    ],
)
def test_a_reference_leads_to_its_claim(contracts, reference, claim):
    found, contract = resolve(reference, contracts)
    assert found.id == claim
    assert contract.claim(claim) is found


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (
            "001",
            "001: 2 claims have that name\n  fix: choose one of C-A-INIT/FALSIFY-A-001, C-B-",
        ),
        (
            "init/001",
            "init/001: 2 claims have that name\n  fix: choose one of C-A-INIT/FALSIFY-A-001, ",
        ),
        (
            "FALSIFY-A-01",
            "FALSIFY-A-01: no claim has that name in 2 contracts\n  fix: did you mean FALSIFY-A-001, ",
        ),
        (
            "zzz/001",
            "zzz/001: no claim has that name in 0 contracts matching `zzz`\n  fix: name files or folders",
        ),
        ("", "claim: no claim has that name in 2 contracts\n  fix: known: FALSIFY-A-001, A-1, "),
        ("1", "1: no claim has that name in 2 contracts\n  fix: known: "),
    ],
)
def test_a_reference_that_leads_nowhere_lists_candidates(contracts, reference, said):
    with pytest.raises(UsageError) as caught:
        resolve(reference, contracts)
    assert str(caught.value).startswith(said)
