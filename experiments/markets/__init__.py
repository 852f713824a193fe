"""Equity markets day by day around the core's path: tables, fans and what each flow is worth."""
