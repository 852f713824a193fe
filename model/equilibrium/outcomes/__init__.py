"""What the model reports: each outcome is one declaration, a function with its unit, axis and range."""
