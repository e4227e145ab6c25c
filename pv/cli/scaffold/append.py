"""Appends a claim to the text of a contract, so that comments, order and layout of the rest stay as they are."""

import re
from collections.abc import Iterable
from typing import Final

import yaml

from pv.cli.scaffold.contract import indented
from pv.errors import UsageError

_KEY: Final = "falsification_tests"
_INDENT: Final = 2


def with_claim(text: str, block: str, place: str) -> str:
    """The text of a contract with one more claim, written after the last.

    Args:
        text: The file as it is; its line ends are kept.
        block: The claim as an entry of a list, from `claim_block`.
        place: Name of the file, for the message.

    Raises:
        UsageError: The claims are written in a way that cannot be continued line by line.
    """
    value = _value(text, place)
    end = "\r\n" if "\r\n" in text else "\n"
    match value:
        case None:
            head = text if not text or text.endswith("\n") else text + end
            added, tail = f"{_KEY}:\n{indented(block, _INDENT)}", ""
        case yaml.SequenceNode(value=[], flow_style=True) | yaml.ScalarNode(value=""):
            after = _line_end(text, value.end_mark.index)
            head = text[: value.start_mark.index].rstrip(" ") + _remark(text[value.end_mark.index : after])
            added, tail = f"\n{indented(block, _INDENT)}", text[after:].lstrip("\r\n") if text[after:].strip() else ""
        case yaml.SequenceNode() if not value.flow_style:
            after = _own_remarks(text, _line_end(text, len(text[: _last(value)].rstrip())), value.start_mark.column)
            head, tail = text[:after], re.sub(r"^\r?\n", "", text[after:])
            added = f"\n{indented(block, value.start_mark.column)}"
        case _:
            fix = "write `falsification_tests:` as a list with a line for each `- id:`"
            raise UsageError(place, "its claims are written in braces or brackets, or are no list", fix)
    return head + added.replace("\n", end) + tail


def _value(text: str, place: str) -> yaml.Node | None:
    """The node of the claims; None where the file has none."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise UsageError(place, "is no YAML that can be added to", "mend it first; see pv validate") from error
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise UsageError(place, "is no mapping with a line a key", "write it as `key:` lines first")
    pairs: Iterable[tuple[yaml.Node, yaml.Node]] = root.value
    return next((value for key, value in pairs if key.value == _KEY), None)


def _last(node: yaml.Node) -> int:
    """Where the last character of a node stands, not counting what follows it."""
    match node:
        case yaml.SequenceNode(value=[*_, last]) if not node.flow_style:
            return _last(last)
        case yaml.MappingNode(value=[*_, (_, last)]) if not node.flow_style:
            return _last(last)
    return int(node.end_mark.index)


def _line_end(text: str, start: int) -> int:
    """Where the line of a character ends, before its line end."""
    found = re.compile(r"\r?\n").search(text, start)
    return found.start() if found else len(text)


def _own_remarks(text: str, start: int, column: int) -> int:
    """Where the comments end that follow a claim and stand further in than its dash: they are about it."""
    found = re.compile(rf"(?:(?:\r?\n[ \t]*)*\r?\n {{{column + 1},}}#[^\r\n]*)*").match(text, start)
    return found.end() if found else start


def _remark(rest: str) -> str:
    return f"  {rest.strip()}" if rest.strip() else ""
