"""One self-contained page from the stored results of a verdict."""
