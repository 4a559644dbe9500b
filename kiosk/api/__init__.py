"""The JSON door: parse, call the action, answer."""
