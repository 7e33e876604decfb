"""Serve one Streamlit script as the portal's server would: ``python -m tests.tools.serve_script FILE``."""

import sys
from pathlib import Path

from portal.server import create_app, serve
from portal.settings import settings

serve(create_app(settings(), Path(sys.argv[1]).resolve()), settings())
