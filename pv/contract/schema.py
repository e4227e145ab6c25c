"""The schema of our own contracts for editors."""

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from pv.contract import claim, model


def schema() -> dict[str, Any]:
    """JSON Schema of a contract, with the models' docstrings as descriptions.

    Source: JSON Schema, draft 2020-12.
    """
    generated = model.Contract.model_json_schema()
    parts = generated.pop("$defs")
    described = dict(_descriptions())
    for name, part in (*parts.items(), ("Contract", generated)):
        part.pop("title", None)
        for key, rule in part.get("properties", {}).items():
            rule.pop("title", None)
            rule["description"] = described[name, key]
    generated["properties"]["pv"] = {"const": "1", "description": described["Contract", "pv"]}
    generated["required"] = ["pv", *generated["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Contract",
        **generated,
        "$defs": parts,
    }


def _descriptions() -> Iterator[tuple[tuple[str, str], str]]:
    """((model, field), docstring below the field) of every model."""
    for module in (claim, model):
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                for field, text in zip(node.body, node.body[1:], strict=False):
                    match field, text:
                        case (
                            ast.AnnAssign(target=ast.Name(id=name)),
                            ast.Expr(value=ast.Constant(value=str() as said)),
                        ):
                            yield (node.name, name), inspect.cleandoc(said)
