"""The dashboards as text: linted, laid out, rebuilt."""
