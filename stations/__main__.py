"""``python -m stations``: the domain's functions without a browser."""

import sys

from stations.commands.command_line import main

if __name__ == "__main__":
    sys.exit(main())
