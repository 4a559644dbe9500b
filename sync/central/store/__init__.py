"""The SQL of the central instance, one module a noun; each function takes a connection inside a transaction."""
