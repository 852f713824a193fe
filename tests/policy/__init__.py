"""The search for a best policy."""
