"""One record of the registry: what it holds, changing it, its history. ``?kind=station&code=…&do=edit``;
without a code one is added; ``proposal=…`` takes up a proposal of one's own again."""

from portal.keeping.record_view import draw_record_page

draw_record_page()
