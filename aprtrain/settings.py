"""YAML as settings are written in: plain values, every key once, nothing that is executed or repeated."""

import re
from pathlib import Path
from typing import Any

import yaml

from aprtrain.errors import InputError

LARGEST = 1 << 16
"""Bytes of a file of settings, at most."""


class _Loader(yaml.SafeLoader):
    """YAML 1.1 without aliases and repeated keys, and with `1e-3` as the number it looks like."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="an alias", problem_mark=self.get_mark())
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        seen = set()
        for key in [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} again", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


_Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?\d[\d_.]*[eE][-+]?\d+\Z"), [*"-+0123456789"])


def read_settings(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises:
        InputError: the file is missing, unreadable, longer than a file of settings, no YAML, or no mapping.
    """
    fix = "write plain `name: value` lines"
    try:
        with path.open("rb") as file:
            value = _Loader(file.read(LARGEST)).get_single_data()
            longer = bool(file.read(1))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        what = " ".join(str(error).split()) or type(error).__name__
        raise InputError(path, f"cannot be read as YAML ({what[:200]})", fix) from error
    if longer:
        raise InputError(path, f"has more than {LARGEST:,} bytes", fix)
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise InputError(path, f"holds {type(value).__name__}, not a mapping of names", fix)
    return value
