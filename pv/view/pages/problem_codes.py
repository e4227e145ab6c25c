"""What can be wrong with a contract's file, code by code."""

from collections.abc import Mapping
from typing import Final

PROBLEM_CODES: Final[Mapping[str, str]] = {
    "unreadable": """The file cannot be read.

    The path leads to something that is no regular file, or the operating system refused to open it; the message holds
    its reason.""",
    "bad-yaml": """The file is not YAML.

    The parser stopped at the place that is named; the cause is often a line or two above it: a tab, an unclosed quote
    or bracket, or a colon inside a plain text. Nothing after that place was read.""",
    "bad-character": """The file holds bytes that are no text, or a control character.

    Contracts are UTF-8. Write control characters as escapes in double quotes, e.g. "\\u001b".""",
    "file-too-large": """The file is larger than a contract may be.

    The limit keeps a stranger's file from costing time and memory. Split the contract; `depends_on` ties parts
    together.""",
    "too-deep": """The file is nested deeper than a contract may be.

    No part of a contract needs more than a few levels; the rest of the file was not read.""",
    "too-many-values": """The file holds more values than a contract may.

    The limit keeps a stranger's file from costing time and memory. Split the contract.""",
    "too-many-problems": """The file has so many problems that the rest is not told.

    Mend the first ones and look again; many problems often have one cause, such as a wrong indentation.""",
    "second-document": """The file holds a second YAML document.

    A contract is one document. Put what follows the line `---` into a file of its own.""",
    "anchor": """The file names a value with an anchor.

    Anchors and their aliases make small files expand without end, and hide what a value is at its place.""",
    "alias": """The file refers to a value by an alias.

    Aliases make small files expand without end, and hide what a value is at its place. Write the value out.""",
    "unknown-anchor": """An alias names no anchor before it.

    It stands for nothing. Write the value out.""",
    "tag": """The file uses a YAML tag.

    Contracts are data: text, numbers, truth values, lists and mappings. Write the value without the tag.""",
    "key-not-text": """A key is not a text.

    Keys name the parts of a contract; put quotes around one that YAML reads as a number or a truth value.""",
    "duplicate-key": """A key is given twice in one mapping.

    YAML readers keep the last one in silence, so the first was never in force. Remove one of them.""",
    "number-out-of-range": """A number cannot be represented.

    It overflows a double or has more digits than an integer may have here. Put quotes around it if it is a name.""",
    "not-a-contract": """The file could not be read as a contract.

    It holds no mapping of keys to values at its top, or departs from the schema so far that nothing could be judged.
    The problems beside this one say where.""",
    "bad-weights": """The weights of a model's criteria do not sum to 100.

    A weight is a percent of the model. With another sum the ledger's percentage would be of something else.""",
    "counted-twice": """A claim is bound to two criteria of one model.

    What it shows would be counted twice. Bind it to the criterion that it shows, and give the other one a claim of its
    own. Two models may rest on the same claim.""",
    "missing-key": """Something that must be said is missing.

    A required key of the schema is absent, or a claim that is not planned lacks one of `measure`, `op`, `bound` and
    `requires`, or a measure lacks its unit. The message names the part and the key. In a file of the older tool this is
    a warning.""",
    "unknown-key": """A key is not known at its place.

    It would have no effect, and a misspelt key looks as if it had one. The hint names the nearest known key. In a file
    of the older tool this is a warning.""",
    "bad-value": """A value has the wrong type, or is not among those allowed.

    The message says what is expected and what was found. A number that is meant as a text needs quotes.""",
    "bad-version": """A version is no quoted semantic version.

    Write three numbers in quotes: "1.10.0". Without quotes YAML reads a number, and 1.10 becomes 1.1.""",
    "bad-expression": """A bound cannot be read as an expression.

    Bounds are numbers, or arithmetic over recorded quantities with a few functions such as `ln`, `log2` and `min`.""",
    "unknown-unit": """A unit is not known.

    Every quantity carries one of a fixed set of units, so that nats and bits, tokens and bytes never mix.""",
    "unit-mismatch": """Two parts of a claim are in different units.

    The measure, its bound and its plausible band are in one unit; convert the numbers, not the label.""",
    "empty-band": """A plausible band holds no value.

    `low` must be below `high`; as it stands every reading would be suspicious.""",
    "unknown-series": """A claim measures a series or reducer that does not exist.

    The message lists those there are. A claim about something that nobody records can never be tried.""",
    "unknown-claim": """A citation leads to a claim that does not exist.

    An obligation, a gate or `discharged_by` names it. What cites nothing is tested by nothing.""",
    "unknown-dependency": """A contract that is depended on is not among the files that were read.

    Its state cannot be looked at, so the stamp is capped. Name its file too, or correct the entry.""",
    "unknown-profile": """A profile is named that the system does not have.

    `system.full.profile` must be one of `system.profiles`.""",
    "unknown-value": """A word is not one of those known at its place.

    In a file of the older tool this is a warning, and the word is kept as it is.""",
    "unused-key": """A key has no meaning beside the others.

    For one, `index` is read with `reduce: at` only. A key without an effect misleads.""",
    "duplicate-id": """A name is given twice.

    Ids and aliases of claims are unique among all contracts, other ids inside their contract: a citation must lead to
    one thing.""",
    "duplicate-entry": """A list names the same thing twice.

    The second entry has no effect; it is often a misspelling of something else.""",
    "circular": """Something rests on itself.

    Following `depends_on` or `discharged_by` leads back to the start, so nothing in the circle rests on evidence.
    Remove one of the steps.""",
    "live-unreachable": """A claim requires live evidence, and no full run is described.

    Without `system.full` nobody knows which run would count as live, so the claim can never be DISCHARGED.""",
    "inert": """The contract asserts something, and nothing can refute it.

    No kind of contract is exempt: write down a claim with what would refute it. A planned claim may do without a
    measure, and says openly that nothing was tried.""",
    "unbound": """No falsifier is bound to a claim.

    Nothing would try it, so no evidence can exist. Bind a falsifier, or say `planned: true`. In a file of the older
    tool the claim is UNTESTED.""",
}
"""Code of a problem to its page; the first sentence is its title."""
