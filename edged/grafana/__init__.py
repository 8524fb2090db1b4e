"""Dashboards as code. Only building them needs the `dev` extra; the dashboards themselves are in `dashboards/`."""
