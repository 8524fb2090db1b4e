"""deploy/stack/compose.yaml, running: Debian's Docker, and images that stand in for the official ones.

```
 xu4-shed: 10.78.1.2 ── link ── 10.78.1.1: machine with dockerd and xu3-attic ── bridge ── containers
```

Machine and board are network namespaces; dockerd has its socket, its data and its processes to itself, and
all of them end with it. No image can be downloaded here. What stands in for Prometheus and Alertmanager has
Debian's programs, which are older, at the places and with the users of the official images (`images.py`).
For Grafana there is no program at all: its stand-in reads the files that Grafana would read, as Grafana's
user, and answers the health check.
"""
