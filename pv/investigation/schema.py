"""The schema of investigations for editors."""

from typing import Any

from pv.contract import schema_of
from pv.investigation import model


def schema() -> dict[str, Any]:
    """JSON Schema of an investigation."""
    return schema_of(model.Investigation, model)
