"""Proposals to change the registry: the queue, and deciding on one. ``?code=…`` or ``?state=…&mine=1&before=…``."""

from portal.address_choice import text_in_address
from portal.language import _
from portal.registry.proposal_queue import draw_queue
from portal.registry.proposal_view import draw_proposal
from portal.registry.registry_frame import draw_done, open_registry

actor = open_registry(_("Proposals"), "proposals")
draw_done()
if code := text_in_address("code"):
    draw_proposal(actor, code)
else:
    draw_queue(actor)
