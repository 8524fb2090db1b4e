"""The paper's figures, table and claims, from what one board has measured."""
