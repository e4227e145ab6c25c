"""YAML text as JSON values, with the place of every value, and everything that is wrong with it.

The reader follows the core schema of YAML 1.2 as editors do: `1e-6` is a number, `no` is text, `017` is 17, a
date is text. Anchors, aliases and tags are refused: they are problems, though an alias stands for its value. Size,
depth and count of values, each alias counted as all that it stands for, are bounded, so that no file can cost
much time or memory.

Source: YAML 1.2.2, section 10.3.2 (tag resolution of the core schema).
"""

import re
from codecs import BOM_UTF8
from typing import Final

import yaml
from yaml.reader import Reader

from pv.contract.problem import Place
from pv.contract.reader.builder import Builder, StopReadingError
from pv.contract.reader.document import Document
from pv.contract.reader.places import place_of

MAX_BYTES: Final = 1_000_000
_MARK: Final = "\ufeff"
_HARMLESS: Final = bytes({*b"\t\n\r", *range(0x20, 0x7F), *range(0x80, 0x100)} - {0xC2, 0xEF})
"""Bytes that are part of no control character in UTF-8; far faster to look through than letters."""


def read(raw: bytes, path: str) -> Document:
    """Parse bytes; never raises, whatever they hold.

    Args:
        raw: Content of the file; at most `MAX_BYTES` of it is accepted.
        path: Name of the file in problems.
    """
    builder = Builder(path)
    whole = False
    try:
        builder.consume(_decoded(raw, builder))
        whole = True
    except StopReadingError:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = "; ".join(filter(None, (error.context, error.problem)))
        builder.note("bad-yaml", place_of(mark), f"not YAML: {what}", _yaml_hint(what))
    except yaml.YAMLError as error:
        builder.note("bad-yaml", (1, 1), f"not YAML: {str(error)[:200]}")
    return builder.document(whole=whole)


def _yaml_hint(what: str) -> str:
    if "cannot start any token" in what:
        return "indent with spaces, never tabs; quote text that starts with a special sign"
    return "quote text that holds `: ` or ` #`" if "mapping values" in what else ""


def _decoded(raw: bytes, builder: Builder) -> str:
    if len(raw) > MAX_BYTES:
        builder.stop("file-too-large", (1, 1), f"more than {MAX_BYTES:,} bytes", "split the contract")
    if raw.startswith(BOM_UTF8):
        builder.mark()
    try:
        text = raw.decode().removeprefix(_MARK)
    except UnicodeDecodeError as error:
        what = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        before = raw[: error.start].decode(errors="replace").removeprefix(_MARK)
        builder.stop("not-utf-8", _end_of(before), what, "save the file as UTF-8")
    if raw.translate(None, _HARMLESS) and (bad := Reader.NON_PRINTABLE.search(text)):
        what = f"control character U+{ord(bad.group()):04X}"
        builder.stop("bad-character", _end_of(text[: bad.start()]), what, "remove it, or write an escape in quotes")
    return text


def _end_of(text: str) -> Place:
    lines = re.split(r"\r\n|\r|\n", text)
    return len(lines), len(lines[-1]) + 1
