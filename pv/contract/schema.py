"""The schema of our own files for editors."""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from pv.contract import claim, model


def schema() -> dict[str, Any]:
    """JSON Schema of a contract, with the models' docstrings as descriptions.

    Source: JSON Schema, draft 2020-12.
    """
    generated = schema_of(model.Contract, claim, model)
    generated["properties"]["pv"] = {"const": "1", "description": generated["properties"]["pv"]["description"]}
    generated["required"] = ["pv", *generated["required"]]
    return generated


def schema_of(top: type[BaseModel], *modules: ModuleType) -> dict[str, Any]:
    """JSON Schema of a file whose top is a model; the modules hold it and the models of its parts.

    Source: JSON Schema, draft 2020-12.
    """
    generated = top.model_json_schema()
    parts = generated.pop("$defs")
    described = dict(_descriptions(modules))
    for name, part in (*parts.items(), (top.__name__, generated)):
        part.pop("title", None)
        for key, rule in part.get("properties", {}).items():
            rule.pop("title", None)
            rule["description"] = described[name, key]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": top.__name__,
        **generated,
        "$defs": parts,
    }


def _descriptions(modules: tuple[ModuleType, ...]) -> Iterator[tuple[tuple[str, str], str]]:
    """((model, field), docstring below the field) of every model."""
    for module in modules:
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.ClassDef):
                for field, text in zip(node.body, node.body[1:], strict=False):
                    match field, text:
                        case (
                            ast.AnnAssign(target=ast.Name(id=name)),
                            ast.Expr(value=ast.Constant(value=str() as said)),
                        ):
                            yield (node.name, name), inspect.cleandoc(said)
