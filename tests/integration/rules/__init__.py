"""The alerts and recording rules in deploy/prometheus, tried by promtool."""
