"""What `pv doctor` looks at, each with a remedy."""
