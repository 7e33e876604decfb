"""Tables as files: written as CSV and Excel, read as offices send them."""
