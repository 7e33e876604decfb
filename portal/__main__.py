"""``python -m portal``: serve the portal on HOST:PORT."""

from __future__ import annotations

import faulthandler
import sys

from portal.background_work import jobs_here
from portal.notices.notice_settings import notice_settings
from portal.places.geocoding import geocoder
from portal.server import create_app, serve
from portal.settings import settings
from stations.clock import installation_clock
from stations.errors import InvalidInput


def main() -> int:
    """Serve until stopped; 2 when a setting is wrong. Should the process itself die, its log says where."""
    faulthandler.enable()
    try:
        configured = settings()
        installation_clock()
        geocoder()
        notice_settings()
        jobs_here()
    except InvalidInput as error:
        print(error, file=sys.stderr)
        return 2
    serve(create_app(configured), configured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
