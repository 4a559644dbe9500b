"""What the server knows of a person: where it is, how it is given to them, how it is erased, how long it is kept."""
