"""The development suite: one file a family of tasks, all of them in registry.py."""
