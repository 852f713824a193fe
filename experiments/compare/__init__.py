"""What two runs say of the same outcomes."""
