"""How the claims about kernels are attacked: one law a file; the trainer enters by name, as a system under test."""
