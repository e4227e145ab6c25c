"""Laws of what becomes of text before it is trained on: its split, its tokens, its shards."""
