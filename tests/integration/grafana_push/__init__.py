"""`edged grafana push|check` against a stand-in for Grafana: there is no Grafana server here."""
