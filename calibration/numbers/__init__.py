"""Numbers by symbol, and the public balance sheet."""
