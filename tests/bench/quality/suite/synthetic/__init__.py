"""Functions with a known optimum, which every seed puts elsewhere."""
