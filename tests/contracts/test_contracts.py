"""Our own contracts: sound, traceable by id, and asking for evidence that is real enough."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from pv.cli import run
from pv.contract import UNITS, Claim, Contract, Loaded, evaluate, load_all

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "contracts"
FINETUNE = "apr-pretrain-init-finetune-v1"
NAMES = {
    *("apr-pretrain-arch-polymorphic-v1", "apr-pretrain-from-init-v1", FINETUNE, "tensor-layout-v1"),
    *("training-loop-v1", "gpu-training-backend-v1", "eval-methodology-v1", "tokenizer-and-corpus-v1"),
    *("data-split-v1", "activation-trace-v1", "throughput-v1", "monitors-v1", "pv-self-v1", "pretrain-from-scratch-v1"),
    *("softmax-v1", "rmsnorm-v1", "rope-v1", "gqa-v1", "swiglu-v1", "cross-entropy-v1", "adamw-v1"),
    "tied-embeddings-v1",
}
LOADED = {file.path.stem: file for file in load_all([FOLDER]).files}
PAIRS = [(file, claim) for file in LOADED.values() if file.contract for claim in file.contract.claims]
QUANTITIES = {
    "vocab_size": (151_936.0, "ids"),
    "entropy_rate": (1.2, "nats/token"),
    "known_source_se": (0.01, "nats/token"),
    "uniform_targets_se": (0.01, "nats/token"),
    "shuffled_targets_se": (0.01, "nats/token"),
    "shuffled_above_claimed_se": (0.01, "nats/token"),
    "random_above_claimed_se": (0.1, "nats/token"),
    "dose_1_above_claimed_se": (0.1, "nats/token"),
    "claimed_loss": (3.0, "nats/token"),
    "loss_error": (2e-2, ""),
    "unigram_entropy": (5.1, "nats/token"),
}
"""What the bounds of our contracts read, with the units that pv records them in."""

BASELINES = {"unigram_entropy", "bigram_loss", "untouched_init_loss", "scratch_step0_loss"}
LIVE_WORDS = re.compile(
    r"\b(live run|the accelerator|on the device|H200|GPU|tokens/s|step time|claimed weights|the scored tokens)\b"
)
"""What a prediction says about things that only a full run on its hardware shows."""


def contract(file: Loaded) -> Contract:
    assert file.contract is not None
    return file.contract


def by_id(pair: object) -> str:
    return pair.id if isinstance(pair, Claim) else ""


def test_every_contract_of_the_story_is_there() -> None:
    assert set(LOADED) == NAMES


@pytest.mark.parametrize("stem", sorted(NAMES))
def test_no_contract_has_a_problem(stem: str) -> None:
    assert LOADED[stem].problems == ()
    assert LOADED[stem].hand_written == ()


@pytest.mark.parametrize("stem", sorted(NAMES))
def test_editors_find_the_schema(stem: str) -> None:
    path = LOADED[stem].path
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = path.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert named.resolve() == FOLDER / "schema.json"


def test_ids_and_aliases_are_unique() -> None:
    names = Counter(name for _, claim in PAIRS for name in (claim.id, *claim.aliases))
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("stem", sorted(NAMES))
def test_ids_follow_the_name_and_count_up(stem: str) -> None:
    name = stem.removesuffix("-v1").upper()
    assert contract(LOADED[stem]).id == f"C-{name}"
    expected = [f"FALSIFY-{name}-{number:03}" for number in range(1, len(contract(LOADED[stem]).claims) + 1)]
    assert [claim.id for claim in contract(LOADED[stem]).claims] == expected


@pytest.mark.parametrize("stem", sorted(NAMES))
def test_equation_obligation_and_claim_are_linked_by_name(stem: str) -> None:
    """Every obligation is tested by claims of its contract, every claim tests one, every equation is used."""
    own = contract(LOADED[stem])
    claims = {claim.id for claim in own.claims}
    tested = {claim for obligation in own.proof_obligations for claim in obligation.tested_by}
    assert tested == claims
    assert {obligation.applies_to for obligation in own.proof_obligations} - {""} == set(own.equations)
    assert all(equation.domain for equation in own.equations.values())
    if stem != FINETUNE:
        assert all(obligation.applies_to for obligation in own.proof_obligations)


@pytest.mark.parametrize(("file", "claim"), PAIRS, ids=by_id)
def test_a_claim_can_be_executed(file: Loaded, claim: Claim) -> None:
    """It says what is measured against which bound, in units that fit, and which faults must have been killed."""
    assert None not in (claim.requires, claim.measure, claim.op, claim.bound)
    assert claim.measure is not None
    assert claim.bound is not None
    evaluate(claim.bound, QUANTITIES, unit=claim.measure.unit)
    assert set(claim.below) <= BASELINES
    assert claim.measure.unit in UNITS
    assert claim.measure.series.count("/") == 1
    assert claim.counter_example_classes or file.path.stem == FINETUNE
    assert len(claim.prediction.split()) >= 10
    assert len(claim.if_fails.split()) >= 6


@pytest.mark.parametrize("stem", sorted(NAMES - {FINETUNE}))
def test_what_has_no_falsifier_says_so(stem: str) -> None:
    """No claim is unbound without being planned, and the index binds none that is planned."""
    bound = json.loads((ROOT / "falsifiers" / "index.json").read_text(encoding="utf-8"))["claims"]
    unbound = [claim.id for claim in contract(LOADED[stem]).claims if claim.id not in bound]
    assert [claim.id for claim in contract(LOADED[stem]).claims if claim.planned] == unbound


@pytest.mark.parametrize(("file", "claim"), PAIRS, ids=by_id)
def test_no_planned_claim_hides_behind_a_lower_level(file: Loaded, claim: Claim) -> None:
    """What is said about a full run or its hardware asks for one, a refusal does not; algorithm is for functions."""
    own = contract(file)
    if claim.planned and LIVE_WORDS.search(f"{claim.rule} {claim.prediction}"):
        assert claim.requires == "live"
    if own.metadata.kind in {"performance", "training-backend"} and "exits with status" not in claim.prediction:
        assert claim.requires == "live"
    if claim.requires == "algorithm":
        assert own.metadata.kind in {"kernel", "engine", "tokenizer", "evaluation"}
        assert claim.measure is not None
        assert claim.measure.series.startswith("attack/")


@pytest.mark.parametrize("stem", sorted(NAMES - {"pv-self-v1"}))
def test_every_contract_needs_a_full_run_somewhere(stem: str) -> None:
    """And says what a full run is."""
    own = contract(LOADED[stem])
    assert any(claim.requires == "live" and claim.ship_blocking for claim in own.claims)
    assert own.system is not None
    assert own.system.full is not None


def test_dependencies_lead_from_kernels_to_the_fine_tune() -> None:
    graph = {stem: contract(file).metadata.depends_on for stem, file in LOADED.items()}
    assert {needed for names in graph.values() for needed in names} <= NAMES
    kernels = {stem for stem, file in LOADED.items() if file.path.parent.name == "kernels"}
    assert all(needed in kernels for kernel in kernels for needed in graph[kernel])
    reached, pending = set(), ["apr-pretrain-from-init-v1"]
    while pending:
        stem = pending.pop()
        if stem not in reached:
            reached.add(stem)
            pending.extend(graph[stem])
    assert kernels <= reached


def test_the_list_in_the_readme_stands_in_order() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    order = [Path(link).stem for link in re.findall(r"^\| \[.+?\]\((.+?)\)", page, flags=re.MULTILINE)]
    for place, stem in enumerate(order):
        assert set(contract(LOADED[stem]).metadata.depends_on) <= set(order[:place])


def test_fault_names_are_explained_and_used() -> None:
    page = (FOLDER / "FAULTS.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ") and "`" in line]
    explained = Counter(name for cell in cells for name in re.findall(r"`([a-z0-9-]+)`", cell))
    used = {name for _, claim in PAIRS for name in claim.counter_example_classes}
    assert set(explained) == used
    assert max(explained.values()) == 1
    exist = json.loads((ROOT / "falsifiers" / "index.json").read_text(encoding="utf-8"))["mutants"]
    assert set(re.findall(r"\*\*`([a-z0-9-]+)`\*\*", page)) == set(exist) & used


def test_the_list_in_the_readme_is_complete() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[.+?\]\((.+?)\) \|.*\| (\d+) \|$", page, flags=re.MULTILINE)
    told = {Path(link).stem: int(count) for link, count in rows}
    assert told == {stem: len(contract(file).claims) for stem, file in LOADED.items()}
    assert all((FOLDER / link).is_file() for link, _ in rows)


def test_validate_shows_the_denominators(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without evidence: exit status 0, every claim counted, none evaluated."""
    (tmp_path / "pyproject.toml").write_text("[tool.pv]\n", encoding="utf-8")
    (tmp_path / "contracts").symlink_to(FOLDER, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    assert run(["validate", "contracts", "--format", "json", "--no-cache"]) == 0
    summary = json.loads(capsys.readouterr().out)["summary"]
    total = {"contracts": len(NAMES), "claims": len(PAIRS), "evaluated": 0, "untested": len(PAIRS), "errors": 0}
    assert {name: summary[name] for name in total} == total
