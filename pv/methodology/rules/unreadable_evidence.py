"""A part of the bundle cannot be read.

What it hunts: files that are no JSON, hold other types than they must, or cannot be read at all.
Why: what cannot be read cannot be judged, and a part that is skipped in silence would count as a pass.
How it looks: the message names file, line and what was expected there.
What to do: make the bundle again; if the tool wrote the file itself, report that as a fault of the tool.
Blind spots: content that is well formed and untrue.
Source: RFC 8785 for what is written; a reader that refuses duplicate keys, NaN and what overflows.
"""

from pv.methodology.model import Effect
from pv.methodology.rules.rule import Rule

RULE = Rule(id="unreadable-evidence", effect=Effect.INVALIDATES, page=__doc__)
