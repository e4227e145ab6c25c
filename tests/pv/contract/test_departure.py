"""A key that is not known at its place, and the nearest one that is, in any part of a model."""

import pytest
from pydantic import BaseModel, ConfigDict, Field

from pv.contract.canonical import canonical
from pv.contract.departure import fitted
from pv.contract.reader import read


class Leaf(BaseModel):
    model_config = ConfigDict(extra="forbid")
    colour: str = ""


class Tree(BaseModel):
    model_config = ConfigDict(extra="forbid")
    leaf: Leaf | None = None
    named: dict[str, Leaf] = {}
    listed: tuple[Leaf, ...] = ()
    trees: tuple["Tree", ...] = ()
    some: tuple[Leaf, ...] = Field(default=(Leaf(),), min_length=1)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("leaf: {color: red}", "leaf"),
        ("named: {oak: {color: red}}", "named.oak"),
        ("listed: [{}, {color: red}]", "listed[1]"),
        ("some: [{color: red}]", "some[0]"),
        ("trees: [{trees: [{leaf: {color: red}}]}]", "trees[0].trees[0].leaf"),
    ],
)
def test_a_misspelt_key(text: str, at: str) -> None:
    document = read(text.encode(), "x.yaml")
    found, problems = fitted(document, canonical(document.data), Tree)
    assert found is None
    (one,) = problems
    assert (one.code, one.message, one.hint) == (
        "unknown-key",
        f"key `color` is unknown in {at}",
        "did you mean `colour`?",
    )


def test_what_fits() -> None:
    document = read(b"trees: [{leaf: {colour: red}}]", "x.yaml")
    found, problems = fitted(document, canonical(document.data), Tree)
    assert (found, problems) == (Tree(trees=(Tree(leaf=Leaf(colour="red")),)), [])
