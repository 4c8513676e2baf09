"""What the store says: tables of text."""
