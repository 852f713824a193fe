"""Estimation of what the initial steady state does not pin down, from path moments with implicit gradients."""
