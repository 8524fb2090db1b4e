"""What runs: models, engines and the worker process."""
