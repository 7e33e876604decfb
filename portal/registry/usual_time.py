"""How long a service usually takes, in words."""

from __future__ import annotations

from portal.language import ngettext
from stations.catalogue.service import Service


def usual_time(service: Service) -> str:
    """Return the usual working days of a service, marked “about” where no regulation sets them; "" if not known."""
    if service.working_days is None:
        return ""
    if service.days_estimated:
        return ngettext("about {count} working day", "about {count} working days", service.working_days)
    return ngettext("{count} working day", "{count} working days", service.working_days)
