"""The steady states at both ends of a path, and the natural rate that leads to the later one."""
