"""Outcomes that are asked for, what moves to bring them there, and how a path answers small changes."""
