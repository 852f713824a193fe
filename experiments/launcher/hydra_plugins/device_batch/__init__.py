"""`hydra/launcher=device_batch`: the jobs of a sweep are solved together."""
