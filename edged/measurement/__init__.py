"""What one run cost."""
