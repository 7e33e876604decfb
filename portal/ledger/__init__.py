"""A firm's ledger of instruments, drawn."""
