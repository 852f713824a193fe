"""Studies: many points on an array axis in one job, solved in batches, kept in one store."""
