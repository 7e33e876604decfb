"""Drawing of targets: standing, months, records, forms."""
