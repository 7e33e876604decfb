"""``python -m portal``: serve the portal on HOST:PORT."""

from __future__ import annotations

import faulthandler
import sys

from sqlalchemy.exc import OperationalError

from portal.accounts.factor_settings import factor_settings
from portal.background_work import jobs_here
from portal.notices.notice_settings import notice_settings
from portal.places.geocoding import geocoder
from portal.server import create_app, serve
from portal.settings import settings
from portal.storage import domain_settings, engine
from stations.backup.settings import read_backup_settings
from stations.clock import installation_clock
from stations.errors import InvalidInput, NotReady
from stations.log_lines import read_log_format
from stations.operations.telling import read_operator_ways
from stations.places.province_on_file import check_province


def main() -> int:
    """Serve until stopped.

    Return the exit code: 2 if a setting is wrong, 1 if the database belongs to another province. If the process
    crashes, ``faulthandler`` writes the stack to stderr.
    """
    faulthandler.enable()
    try:
        domain_settings()
        configured = settings()
        factor_settings()
        installation_clock()
        geocoder()
        notice_settings()
        jobs_here()
        read_backup_settings()
        read_operator_ways()
        read_log_format()
    except InvalidInput as error:
        print(error, file=sys.stderr)
        return 2
    try:
        check_province(engine())
    except NotReady as error:
        print(error, file=sys.stderr)
        return 1
    except OperationalError:
        pass  # pages say that the database can't be reached until it is back
    serve(create_app(configured), configured)
    return 0


if __name__ == "__main__":
    sys.exit(main())
