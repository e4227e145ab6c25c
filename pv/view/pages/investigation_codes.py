"""Pages of what is wrong with an investigation, where a contract has no such code."""

from collections.abc import Mapping
from typing import Final

INVESTIGATION_CODES: Final[Mapping[str, str]] = {
    "not-an-investigation": """The file holds no investigation.

    It has no key `investigation` at its top. `pv new investigation CLAIM` starts one from a verdict.""",
    "typed-status": """Somebody typed the status of a hypothesis.

    A status is derived from evidence. Take it out, and say in `predicts` what would show the defect and in `inject`
    which planted fault it is. The story's first confirmed cause was typed, and was wrong.""",
    "not-discriminating": """A prediction holds under the hypothesis and under its rivals.

    Whatever is read, nothing would be learned. Part the two bands, or read something else.""",
    "no-symptom": """The reading that is called a symptom lies where it was expected.

    There is nothing to explain. Name the reading that was wrong, or the right bundle.""",
    "unknown-bundle": """No bundle has that name, or was made so.

    Bundles are looked for in `evidence/` and `.pv/runs/`. Where the file says how the run is made, the hint is the
    command that makes it.""",
    "unknown-mutant": """No planted fault has that name.

    `inject` names a fault of a package of falsifiers; `pv new mutant NAME` writes one.""",
    "reading-differs": """A citation says something else than what is recomputed.

    A reading is compared at the digits that are written, a verdict word by word. Either the file cites another bundle
    than was meant, or the evidence was made again since.""",
}
"""Code of a problem to its page; the first sentence is its title."""
