"""What boards cost their Prometheus: `make bench-fleet` measures it, `make test-fleet` tries it in small.

```
 the real edged, in virtual time ──▶ Recording ──▶ 200 processes, 127.10.x.y ──▶ Debian's Prometheus
```

    recording    some minutes of `/metrics` of a simulated XU3, and how they go on
    boards       one process for each board, which serves them
    prometheus   Debian's Prometheus with the shipped configuration, and what it says of itself
    cost         what it costs at 10, 50 and 200 boards
    full_head    the same boards in a hurry: memory when chunks are full, and the fleet dashboard
    blocks       bytes on disk, and the rules that look back an hour or more
    line         straight lines, with their residuals
"""
