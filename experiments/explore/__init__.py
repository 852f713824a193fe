"""A page on this machine where the economy is solved again as a slider moves."""
