"""What refutes the claims about a training run, one file a defect."""
