"""The economy in time: steady states, paths, scenarios, beliefs, sweeps and derivatives."""
