"""Laws of traces: what flows through a model, and where two systems part."""
