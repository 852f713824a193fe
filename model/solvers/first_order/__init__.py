"""First-order laws: saddle paths, laws of shocks, their variances, and responses of a path."""
