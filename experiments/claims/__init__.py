"""What the narrative of the two economies claims, and what the model answers."""
