"""Many economies and scenarios together, and programs begun ahead."""
