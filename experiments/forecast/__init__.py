"""What comes, with the width of what is not known, and how good such forecasts have been."""
