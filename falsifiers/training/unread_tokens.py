"""Tokens that were counted and not read."""

from falsifiers.law import Falsifier
from falsifiers.laws import held_out_window, target_alignment, whole_pass, window_from_corpus, windows_once

FALSIFIER = Falsifier(
    name="unread-tokens",
    hunts="a window used twice or found nowhere in the train split, text left out, or targets that are not the next",
    laws=(
        windows_once.LAW,
        whole_pass.LAW.as_claim(),
        window_from_corpus.LAW.as_claim(),
        held_out_window.LAW,
        target_alignment.LAW.as_claim(),
    ),
)
