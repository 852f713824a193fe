"""Poverty, inequality and affordability, measured on the paths of groups; nothing of it feeds back."""
