"""How the claims of pv about itself are attacked: one law a file; pv enters by name, as a system under test."""
