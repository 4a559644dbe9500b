"""What the command line offers, one module a command: `register`, `run` and a one-line `HELP`."""
