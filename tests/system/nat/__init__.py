"""Boards behind NAT: board, router and store in network namespaces, and links that are cut.

```
 board ── 10.77.1.0/30 ── router (masquerades) ── 10.77.2.0/30 ── store
```

The store has no way to the board.
"""
