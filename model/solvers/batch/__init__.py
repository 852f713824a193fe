"""Many problems together: lanes over devices, shared factors, guesses from neighbours."""
