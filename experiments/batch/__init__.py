"""Many economies and scenarios solved together."""
