"""Tables as files: written as CSV and Excel, read in the form that offices send them."""
