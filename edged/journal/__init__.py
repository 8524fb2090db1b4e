"""What was measured, on disk: it outlives restarts and power cuts, and never holds up who measures."""
