"""How long the project's work takes on this machine; nothing is asserted here."""
