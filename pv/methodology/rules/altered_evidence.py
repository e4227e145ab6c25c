"""What lies in the bundle is not what was sealed.

What it hunts: bytes under raw/ that are not those that were sealed: edited, added, removed or swapped
files, and links.
Why: a verdict is worth what its evidence is worth; a number that could have been typed in afterwards is
worth nothing.
How it looks: the message names the file with the size or digest that was sealed and the one that was found.
What to do: restore the file from where the bundle was sealed, or make the run again; nothing in raw/ may be
mended by hand.
Blind spots: somebody who edits a file and seals the bundle anew; only a signature or a copy of the digest
kept elsewhere shows that.
Source: SHA-256 of every file in manifest.json, whose own digest is in the folder's name.
"""

from pv.methodology.model import Effect
from pv.methodology.rules.rule import Rule

RULE = Rule(id="altered-evidence", effect=Effect.INVALIDATES, page=__doc__)
