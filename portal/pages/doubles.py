"""Possible duplicates: pairs of records that may be one, and merging them. ``?kind=station&code=…&other=…``."""

from portal.address_choice import text_in_address
from portal.done_notice import draw_done
from portal.keeping.double_list import draw_doubles
from portal.keeping.double_view import draw_pair
from portal.keeping.registry_frame import open_registry
from portal.language import _
from stations.registry.record_kind import RecordKind

actor = open_registry(_("Possible doubles"), "doubles")
draw_done()
kind = RecordKind.CENTRE if text_in_address("kind") == RecordKind.CENTRE else RecordKind.STATION
if text_in_address("code") and text_in_address("other"):
    draw_pair(actor, kind, text_in_address("code"), text_in_address("other"))
else:
    draw_doubles(actor, kind)
