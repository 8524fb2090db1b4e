"""Readings over time."""
