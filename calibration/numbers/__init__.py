"""Tables of numbers, numbers by symbol, and the public balance sheet."""
