"""The certification engine: 32 questions chosen by integer tables and a keyed hash, so that anyone can choose them again."""
