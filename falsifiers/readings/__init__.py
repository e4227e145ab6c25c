"""What the judges read: the trainer's evaluator, the oracle, the tables, the data and the tensors."""
