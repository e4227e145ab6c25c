"""The schemas of our own files for editors."""

import ast
import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from pv.contract import claim, model


def schema() -> dict[str, Any]:
    """JSON Schema of a contract."""
    return schema_of(model.Contract, (claim, model), version="pv")


def schema_of(kind: type[BaseModel], modules: Iterable[ModuleType], *, version: str) -> dict[str, Any]:
    """JSON Schema of a model, with the docstrings below its fields as descriptions.

    Args:
        kind: The model of a whole file.
        modules: Those that define it and its parts.
        version: Key of the file's format, which is `"1"` and compulsory.

    Source: JSON Schema, draft 2020-12.
    """
    own = kind.model_json_schema()
    parts = own.pop("$defs")
    described = dict(_descriptions(modules))
    for name, part in (*parts.items(), (kind.__name__, own)):
        part.pop("title", None)
        for key, rule in part.get("properties", {}).items():
            rule.pop("title", None)
            rule["description"] = described[name, key]
    own["properties"][version] = {"const": "1", "description": described[kind.__name__, version]}
    own["required"] = [version, *(key for key in own["required"] if key != version)]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.__name__,
        **own,
        "$defs": parts,
    }


def _descriptions(modules: Iterable[ModuleType]) -> Iterator[tuple[tuple[str, str], str]]:
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
