"""Builds the parts from a configuration, for this machine or for a simulated board."""
