"""A row of the training record does not follow from the row before it.

What it hunts: rows of metrics.jsonl that were edited, dropped, repeated or moved.
Why: the curve of the losses is what a reader looks at first, and the easiest thing to improve.
How it looks: the message names the first line that does not carry the digest of the line before it.
What to do: make the run again; if it was resumed, look at whether the resume went on at the right row.
Blind spots: rows cut off at the end, which truncated-record counts; a chain that was computed anew over
other rows.
Source: Hash chain over the lines, as in append-only logs (Schneier and Kelsey 1999).
"""

from pv.methodology.model import Effect
from pv.methodology.rules.rule import Rule

RULE = Rule(id="broken-chain", effect=Effect.INVALIDATES, page=__doc__)
