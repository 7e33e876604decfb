"""The command line of python -m stations."""
