"""Small pages for other sites (``/embed/…``), without scripts, and what tells those sites of them (oEmbed)."""
