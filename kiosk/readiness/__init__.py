"""Whether a session can open: a go / no-go list, each line with what to do. Looks, and never changes anything."""
