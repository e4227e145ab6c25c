"""Says it: stamps as text, as JSON, as a page; each module is one form and is imported by itself."""
