"""What can be wrong with a file of the older tool, under its own codes or ours."""

from collections.abc import Mapping
from typing import Final

LEGACY_CODES: Final[Mapping[str, str]] = {
    "SCHEMA-001": """A contract cites no source.

    A claim that comes from nowhere cannot be looked up. Name at least one paper, specification or issue in
    `metadata.references`.""",
    "SCHEMA-002": """The version is empty.

    Evidence and changes are told apart by version. Write three numbers in quotes.""",
    "SCHEMA-003": """A contract of this kind defines no equation.

    Without an equation nothing says what is meant. Add one with its formula, or say another `metadata.kind`.""",
    "SCHEMA-004": """An equation has an empty formula.

    A name alone defines nothing. Write the formula, or delete the equation.""",
    "SCHEMA-005": """An obligation has an empty property.

    It obliges to nothing. Say what must hold.""",
    "SCHEMA-006": """Two obligations have the same formal statement.

    Two entries for one statement are counted twice and tested once. Delete one, or say how they differ.""",
    "SCHEMA-007": """The id of a test is given twice.

    A citation of it would lead to two tests. Rename one of them.""",
    "SCHEMA-008": """A test predicts nothing.

    Nothing can refute it. Say what will be observed if the rule holds.""",
    "SCHEMA-009": """A test does not say what to do when it fails.

    Whoever meets the failure starts from nothing. Name the likely cause.""",
    "SCHEMA-010": """The id of a proof harness is given twice.

    A citation of it would lead to two harnesses. Rename one of them.""",
    "SCHEMA-011": """A proof harness names no obligation.

    It proves nothing that was claimed. Name the obligation.""",
    "SCHEMA-012": """A proof harness gives no bound.

    Bounded model checking says nothing beyond its bound, so a reader must know it.""",
    "SCHEMA-013": """A contract has no quality gate.

    Nothing says when the contract is good enough.""",
    "SCHEMA-014": """`requires` stands at an obligation that is no postcondition.

    The field has no meaning there. Move it, or change the type of the obligation.""",
    "SCHEMA-015": """`applies_to_phase` stands at an obligation that is no loop property.

    The field has no meaning there. Move it, or change the type of the obligation.""",
    "SCHEMA-016": """`parent_contract` stands at an obligation that is no subcontract.

    The field has no meaning there. Move it, or change the type of the obligation.""",
    "SCHEMA-017": """The parent of a subcontract is not among the dependencies.

    What is refined must be read too. Add it to `metadata.depends_on`.""",
    "SCHEMA-018": """`kind` stands at the top level.

    Nothing reads it there: the kind stands in `metadata.kind`. Move it, or delete it.""",
    "SCHEMA-019": """A block at the top level is nearly a known one.

    All below a misspelt name is dropped. Correct the name.""",
    "SCHEMA-020": """A key is given twice in one mapping.

    One of the values is lost. Keep one of them.""",
    "SCHEMA-021": """An exempt obligation does not say why.

    An exemption without a reason is a gap nobody answers for. Say in `na_reason` why it is no property of code.""",
    "SCHEMA-022": """An exempt obligation does not say what verifies it instead.

    An exemption without an owner is a gap nobody answers for. Say in `na_owner` what takes its place.""",
    "SCHEMA-023": """An excuse stands at an obligation that is not exempt.

    Either the obligation holds, and needs no excuse, or it does not apply, and must say so.""",
    "PROVABILITY-001": """A kernel contract lacks obligations, tests or harnesses, or has fewer tests than obligations.

    What is obliged and not tried may be wrong unnoticed. Add what is missing, or say another `metadata.kind`.""",
    "AUDIT-001": """A contract has no falsification test.

    Nothing in the file can refute it. Add a test with a prediction that could turn out false.""",
    "AUDIT-003": """Equations are defined, and nothing is obliged to hold of them.

    A definition claims nothing. Add obligations.""",
    "BEAT-001": """A contract of a benchmark has no `beat` block.

    Nothing says what is compared with what. Add the block.""",
    "BEAT-002": """A benchmark names no known incumbent.

    A comparison needs a known other side.""",
    "BEAT-003": """A benchmark names no metric.

    Nothing says what is measured.""",
    "BEAT-004": """A benchmark does not say which direction is better.

    Without a direction nobody knows who won.""",
    "BEAT-005": """The threshold of a benchmark is no finite number.

    Without a number nothing can be missed.""",
    "BEAT-006": """A benchmark names no gate in CI.

    Nothing enforces it. Name the test that does.""",
    "BEAT-007": """A benchmark does not say on which hardware it counts.

    It must be CPU or GPU; figures of different hardware do not compare.""",
    "CRUX-001": """The demand of a story is not from 1 to 5.

    Ranks outside the scale cannot be compared.""",
    "CRUX-002": """The source of a story is not a known one.

    The hint names the nearest known source.""",
    "KAIZEN-001": """An improvement has no id.

    Others could not cite it. Add `contract:`.""",
    "KAIZEN-002": """The status of an improvement is not a known one.

    The message lists those there are.""",
    "KAIZEN-003": """An improvement says nothing that could turn out false.

    Add a baseline and a target, or a test.""",
    "KAIZEN-004": """Baseline and target cannot be compared.

    Both must map metrics to values and share a metric: measure the same thing before and after.""",
    "KAIZEN-005": """No metric moves between baseline and target.

    A record of improvement in which nothing improves records nothing.""",
    "KAIZEN-006": """Every cost that is measured rises.

    Baseline and target may be the wrong way round. Exchange them, or record what was gained.""",
    "BIND-001": """An equation of a contract has no binding.

    The registry does not say where it is implemented. Add an entry for it.""",
    "BIND-002": """An equation is implemented in part only.

    The registry says so itself; what is missing is not covered.""",
    "BIND-003": """An equation is not implemented.

    The registry says so itself; what is claimed about it rests on nothing.""",
    "binding-registry": """The file is a registry of bindings and no contract.

    It is read as a registry, and its entries are checked against the contracts that were read with it.""",
    "duplicate-binding": """An equation is bound twice.

    The older tool takes the first entry in silence. Remove one of them.""",
    "unknown-contract": """A registry names contracts that were not read.

    Its entries for them could not be checked. Name their files too, or correct the entries.""",
    "unknown-equation": """A registry names an equation that does not exist.

    The entry binds nothing. The hint names the nearest equation.""",
    "unknown-obligation": """A proof harness cites an obligation that does not exist.

    It proves nothing that was claimed. Cite an obligation by its id.""",
    "uncited-obligation": """No test cites an obligation.

    That there are as many tests as obligations says nothing about this one. Name it in the test that tests it,
    by id.""",
    "no-harness": """A proof entry names no harness.

    Nothing proves it. Name the function, or delete the entry.""",
    "prose-test": """A test is described in prose only.

    Nothing carries it out, so it counts as untested whatever the prose says. Name the program that carries it
    out.""",
    "dropped-block": """The older tool drops a block of the file in silence.

    Here its entries are read and shown. Whoever relied on the older tool has never had them checked.""",
    "count-mismatch": """A number that somebody typed is not what the file holds.

    Counts are recomputed, never believed. Correct the number, or leave it out.""",
    "constant-differs": """Two contracts give one constant different values.

    One of them is wrong, or they mean different things. Agree on one value, or give the two different names.""",
    "unknown-status": """A status is no known word.

    It maps to no verdict, so an over-claim in it could not be found. The hint names the nearest known word;
    best is to delete it.""",
}
"""Code of a problem to its page; the first sentence is its title."""
