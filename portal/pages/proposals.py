"""Proposals to change the registry: the queue, and one proposal. ``?code=…`` or ``?state=…&mine=1&before=…``."""

from portal.address_choice import text_in_address
from portal.done_notice import draw_done
from portal.keeping.proposal_queue import draw_queue
from portal.keeping.proposal_view import draw_proposal
from portal.keeping.registry_frame import open_registry
from portal.language import _

actor = open_registry(_("Proposals"), "proposals")
draw_done()
if code := text_in_address("code"):
    draw_proposal(actor, code)
else:
    draw_queue(actor)
