"""Best policy: controls, what is judged, the search for the best and what certifies it."""
