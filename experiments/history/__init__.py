"""The past as the model reads it: shocks, what they did, and the part of AI."""
