"""What is right: float64 NumPy, written from definitions, without jax and without the trainer."""
