"""The alerts on what edged itself exports: a simulated board goes wrong, and the shipped rules say so."""
