"""What of a solved economy is held against data and against published experiments."""
