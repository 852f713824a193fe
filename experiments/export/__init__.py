"""Writes an economy and its scenarios in the language of another solver, and runs that solver as a referee."""
