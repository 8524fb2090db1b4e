"""Dashboards as code. Only building them needs the `dev` extra; what they are built to is `dashboards/`."""
