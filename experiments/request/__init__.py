"""What a user asks for: configuration, scenarios, operations, draws, and what is wrong with them."""
