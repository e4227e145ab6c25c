import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pv.binding import Packages, bind, mutants
from pv.errors import BindingError

Package = Callable[..., Path]
INDEX: dict[str, Any] = {
    "schema_version": "1",
    "falsifiers": {"leaks": {"module": "hunters.leaks", "hunts": "a leak", "laws": ["causality"]}},
    "claims": {"C-1": "leaks"},
    "mutants": {
        "b": {"module": "hunters.b", "summary": "plants b", "edits": ["m.b"]},
        "a": {"module": "hunters", "summary": "plants a", "edits": ["m.a"]},
    },
}


def test_a_claim_is_bound_without_an_import(package: Package) -> None:
    root = package(INDEX, leaks="raise AssertionError", b="raise AssertionError")
    bound = bind("C-1", packages=Packages(shipped="hunters"))
    assert bound is not None
    assert (bound.falsifier, bound.module, bound.path) == ("leaks", "hunters.leaks", root / "leaks.py")
    assert (bound.hunts, bound.laws) == ("a leak", ("causality",))
    assert bind("C-2", packages=Packages(shipped="hunters")) is None


def test_mutants_are_listed_by_name(package: Package) -> None:
    root = package(INDEX, leaks="", b="")
    found = mutants(packages=Packages(shipped="hunters"))
    assert list(found) == ["a", "b"]
    assert found["a"].path == root / "__init__.py"
    assert found["b"].summary == "plants b"


def test_a_module_that_does_not_exist_is_named(package: Package) -> None:
    package(INDEX, b="")
    with pytest.raises(BindingError, match=r"falsifiers\.leaks\.module: module 'hunters\.leaks' does not exist"):
        bind("C-1", packages=Packages(shipped="hunters"))


@pytest.mark.parametrize(
    ("keys", "value", "says"),
    [
        (["claims", "C-1"], "other", r"claims\.C-1: 'other' is no falsifier"),
        (["claims", "C-1"], None, r"claims\.C-1"),
        (["claims"], [], "claims: expected an object"),
        (["mutants"], None, "mutants: expected an object"),
        (["falsifiers", "leaks"], 3, r"falsifiers\.leaks"),
        (["falsifiers", "leaks", "laws"], "causality", r"falsifiers\.leaks\.laws"),
        (["falsifiers", "leaks", "module"], "hunters.../../x", "does not exist"),
        (["mutants", "b", "summary"], 1, r"mutants\.b"),
        (["mutants", "b", "edits"], [], r"mutants\.b\.edits: expected a list of modules"),
        (["schema_version"], "2", "schema_version"),
    ],
)
def test_a_malformed_index_names_the_place(package: Package, keys: list[str], value: object, says: str) -> None:
    index = copy.deepcopy(INDEX)
    part = index
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = value
    package(index, leaks="", b="")
    with pytest.raises(BindingError, match=says):
        bind("C-1", packages=Packages(shipped="hunters"))


@pytest.mark.parametrize("text", ["", "[]", "[" * 100_000, "{"])
def test_an_index_that_is_no_index_is_refused(package: Package, text: str) -> None:
    package(text)
    with pytest.raises(BindingError, match=r"index\.json"):
        mutants(packages=Packages(shipped="hunters"))


def test_a_missing_package_or_index_is_refused(package: Package) -> None:
    with pytest.raises(BindingError, match="not installed"):
        bind("C-1", packages=Packages(shipped="no_such_package_anywhere"))
    package()
    with pytest.raises(BindingError, match="cannot be read"):
        bind("C-1", packages=Packages(shipped="hunters"))


def test_the_index_in_use_is_whole_and_binding_imports_nothing_heavy() -> None:
    code = (
        "import sys, json, pv.binding as b\n"
        "names = sorted(b.mutants())\n"
        "heavy = {'numpy', 'jax', 'hypothesis', 'falsifiers', 'aprtrain'} & set(sys.modules)\n"
        "print(json.dumps([names, sorted(heavy)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    names, heavy = json.loads(done.stdout)
    assert heavy == []
    assert names == sorted(names)
