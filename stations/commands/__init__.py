"""The command line of ``python -m stations``: each command reads what was typed, asks the domain, and has the
answer put out by its presentation. One module for each group of commands; ``listing`` names them all."""
