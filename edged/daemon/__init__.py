"""What runs for years: the one place that knows all the rooms."""
