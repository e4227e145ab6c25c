"""A first fault for a mutant: the sign of a result is turned, in a passage that occurs once."""

import ast
from dataclasses import dataclass
from pathlib import Path

from pv.binding.locate import Locator
from pv.errors import UsageError


@dataclass(frozen=True, slots=True)
class Passage:
    """What a mutant replaces, and by what."""

    old: str
    new: str


def turned_sign(module: str, root: Path) -> Passage:
    """The first result of a module that is computed and stands there once, and the same with the other sign.

    Raises:
        UsageError: There is no such module, or none of its results can be turned.
    """
    file = Locator((str(root),)).module_file(module)
    if file is None:
        raise UsageError(f"--module {module}", "no such module", "name the module that holds the function under test")
    try:
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text)
    except (OSError, ValueError, SyntaxError) as error:
        raise UsageError(f"--module {module}", f"cannot be read ({error})", "mend it first") from error
    for node in ast.walk(tree):
        if isinstance(node, ast.Return) and isinstance(node.value, ast.BinOp | ast.Call):
            value = ast.get_source_segment(text, node.value) or ""
            old = f"return {value}"
            if "\n" not in value and text.count(old) == 1:
                return Passage(old=old, new=f"return -({value})")
    raise UsageError(f"--module {module}", "it returns nothing whose sign can be turned", "write the mutant by hand")
