"""A stored verdict is not the derived one.

What it hunts: derived/verdict.json files that say something else than the derivation.
Why: the file is for people; nothing reads it to decide, and somebody who does must know that it is wrong.
How it looks: the claims whose stored and derived verdicts differ.
What to do: delete derived/: it is written anew.
Blind spots: other files in derived/.
Source: Every verdict is recomputed from raw/.
"""

from pv.methodology.model import Effect
from pv.methodology.rules.rule import Rule

RULE = Rule(id="derived-verdict-differs", effect=Effect.NOTES, page=__doc__)
