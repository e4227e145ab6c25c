"""Tokens that were counted and not read."""

from falsifiers.law import Falsifier
from falsifiers.laws import held_out_window, target_alignment, window_from_corpus, windows_once

FALSIFIER = Falsifier(
    name="unread-tokens",
    hunts="a window used twice or found nowhere in the train split, or targets that are not the next tokens",
    laws=(
        windows_once.LAW,
        window_from_corpus.LAW.as_claim(),
        held_out_window.LAW,
        target_alignment.LAW.as_claim(),
    ),
)
