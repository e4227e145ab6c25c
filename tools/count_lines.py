"""Counts the lines of the trainer: all of them, and those of code, without blank ones, comments and docstrings."""

import sys
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[1] / "aprtrain"
LAYOUT = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER}


def sizes() -> dict[str, tuple[int, int]]:
    """Lines and lines of code of each module."""
    return {path.relative_to(ROOT).as_posix(): _size(path) for path in sorted(ROOT.rglob("*.py"))}


def _size(path: Path) -> tuple[int, int]:
    code: set[int] = set()
    begins = True  # a string at the beginning of a line that says nothing else is a docstring
    with path.open(encoding="utf-8") as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type not in LAYOUT:
                if not (begins and token.type == tokenize.STRING):
                    code.update(range(token.start[0], token.end[0] + 1))
                begins = False
            elif token.type == tokenize.NEWLINE:
                begins = True
    return len(path.read_text(encoding="utf-8").splitlines()), len(code)


def main() -> int:
    """Print a line for each module, and the sums."""
    found = sizes()
    for name, (lines, code) in found.items():
        print(f"{lines:>6,} {code:>6,}  {name}")
    lines, code = map(sum, zip(*found.values(), strict=True))
    print(f"{lines:>6,} {code:>6,}  lines, and lines of code, in {len(found)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
