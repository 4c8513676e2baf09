"""How a trial runs in Python. Not for training scripts: names here change without notice."""
