"""One record of the registry: its values, changing it, its history. ``?kind=station&code=…&do=edit``.

Without a code a record is added; ``proposal=…`` continues the user's own open proposal.
"""

from portal.keeping.record_view import draw_record_page

draw_record_page()
