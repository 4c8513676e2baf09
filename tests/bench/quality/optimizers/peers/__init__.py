"""One adapter a file around a Python original; they run in environments of their own, see ../environments.py."""
