"""The dashboards, asked of Debian's Prometheus and drawn by Grafana's own transformations."""
