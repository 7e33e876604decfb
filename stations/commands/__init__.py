"""The command line, ``python -m stations``: each command reads its arguments, asks the domain, and renders the answer
by its presentation. There is one module for each group of commands; ``listing`` lists all commands.
"""
