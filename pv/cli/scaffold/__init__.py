"""Writes new files from templates: nothing is overwritten, nothing lands outside the project."""
