"""What an officer sees; each module parses, calls a store or a rule, and renders."""
