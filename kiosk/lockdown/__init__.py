"""What vouches for the lock-down of a machine: formats and rules without any socket, file or clock of their own."""
