"""Laws of what a run starts from: an init, a shape and a vocabulary, taken over whole or refused."""
