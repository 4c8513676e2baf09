"""Names of the original package that training scripts import."""
