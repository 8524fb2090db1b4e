"""What accuracy costs: Pareto fronts in latency, memory and energy, with their certainty."""
