"""``/downloads``: the data sets for the public as files, their catalogue, and the page about them."""
