"""How programs are compiled and kept; nothing here knows an economy."""
