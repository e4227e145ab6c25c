"""Laws of the training loop: what a run does from its first step to its last, and after a break."""
