"""Verdicts in the formats that other tools read: SARIF, JUnit XML, GitHub annotations, Markdown."""
