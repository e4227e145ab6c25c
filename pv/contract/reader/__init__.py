"""YAML text as JSON values with places; bounded in time and memory, whatever the text."""

from pv.contract.reader.builder import MAX_PROBLEMS
from pv.contract.reader.document import Document, Repeat, entries, texts
from pv.contract.reader.places import Places
from pv.contract.reader.source import MAX_BYTES, read

__all__ = ["MAX_BYTES", "MAX_PROBLEMS", "Document", "Places", "Repeat", "entries", "read", "texts"]
