"""Drawing of a firm's ledger of measuring instruments."""
