"""How fast the whole thing is, measured against a floor in the same run: ratios count, absolute times belong to the machine."""
