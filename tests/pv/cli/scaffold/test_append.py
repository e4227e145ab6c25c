"""A claim more, and everything else as it was."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pv.cli.scaffold.append import with_claim
from pv.cli.scaffold.contract import claim_block
from pv.errors import UsageError

BLOCK = claim_block("NEW-001", "new")
LAYOUTS = {
    "indented": "a: 1\nfalsification_tests:\n  - id: A  # first\n    rule: r\n",
    "flush": "falsification_tests:\n- id: A\n  rule: r\n",
    "more keys follow": "falsification_tests:\n- id: A\n  rule: r\n\n# about gates\ngates: []\n",
    "no line end": "falsification_tests:\n- id: A\n  rule: r",
    "folded text last": "falsification_tests:\n- id: A\n  rule: >\n    long\n    text\n\n\ngates: []\n",
    "list last": "falsification_tests:\n- id: A\n  classes:\n  - x\n  - y\ngates: []\n",
    "nothing last": "falsification_tests:\n- id: A\n  rule:\ngates: []\n",
    "its own comments": "falsification_tests:\n  - id: A\n    # bound: 3\n\n    # op: x\n# gates\ngates: []\n",
    "empty list": "falsification_tests: []  # none yet\ngates: []\n",
    "empty list last": "falsification_tests: []",
    "no value": "falsification_tests:\ngates: []\n",
    "no key": "metadata: {id: C}\n",
    "no key, no line end": "metadata: {id: C}",
    "braces inside": "falsification_tests:\n- {id: A, rule: 'a ] b'}\ngates: []\n",
    "byte order mark": "\ufefffalsification_tests:\n- id: ü\n  rule: 漢字\ngates: []\n",
}


def comments(text: str) -> list[str]:
    return re.findall(r"#.*", text)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(layout: str, ending: str) -> None:
    """In every layout the claim is the last of the list, and data, comments and line ends stay."""
    before = LAYOUTS[layout].replace("\n", ending)
    after = with_claim(before, BLOCK, "c.yaml")
    old, new = yaml.safe_load(before), yaml.safe_load(after)
    added = (new.pop("falsification_tests") or [])[-1]
    kept = yaml.safe_load(after)["falsification_tests"][:-1]
    assert added["id"] == "NEW-001"
    assert kept == (old.pop("falsification_tests", None) or [])
    assert new == old
    assert [one for one in comments(after) if one in comments(before)] == comments(before)
    assert set(re.findall(r"\r?\n", after)) == {ending if "\n" in before else "\n"}


def test_comments_of_the_last_claim_stay_with_it() -> None:
    """A comment that stands further in than the dash is about the last claim; one at the margin is not."""
    after = with_claim(LAYOUTS["its own comments"], BLOCK, "c.yaml")
    assert after.index("# op: x") < after.index("NEW-001") < after.index("# gates")


@pytest.mark.parametrize(
    "text",
    [
        "falsification_tests: [{id: A}]\n",
        "falsification_tests: {a: b}\n",
        "falsification_tests: words\n",
        "- 1\n",
        "{falsification_tests: []}",
        "a: [\n",
        "a: 1\n--- \nb: 2\n",
        "\x00",
        "",
    ],
)
def test_what_cannot_be_continued(text: str) -> None:
    """Braces around the claims, several documents and broken YAML are refused with a remedy."""
    with pytest.raises(UsageError) as told:
        with_claim(text, BLOCK, "c.yaml")
    assert told.value.fix


@given(st.text(max_size=40))
def test_any_text_is_refused_or_kept(text: str) -> None:
    """No text makes it fail in another way."""
    try:
        after = with_claim(text, BLOCK, "c.yaml")
    except UsageError:
        return
    assert "NEW-001" in after
