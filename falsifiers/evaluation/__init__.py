"""Laws of the evaluation: readings whose true value is known, and bounds and intervals that mean what they say."""
