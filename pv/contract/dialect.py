"""Which generation of the older tool decides what is rejected."""

from typing import Literal

Dialect = Literal["old", "new"]
