"""Numbers of the daily flow block."""
