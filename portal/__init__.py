"""The portal: pages, maps and HTTP. It holds no rules; a page asks ``stations`` and draws the answer."""
