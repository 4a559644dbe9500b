"""Durability and trust: the one writer, the signed log, keys, and the way records travel."""
