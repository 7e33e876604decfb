"""Open311 GeoReport v2 (``/open311/v2``): the catalogue of services and requests in the shapes of that standard.

https://wiki.open311.org/GeoReport_v2/. A request is a firm's private matter, other than a pothole: what is listed
without its code, if anything, is the operator's choice (``OPEN311_REQUESTS``), and never says who asks.
"""
