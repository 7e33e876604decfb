"""Search of the audit log, and the wording of its entries."""
