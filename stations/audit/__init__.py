"""The append-only audit log, its hash chain, and the verification of the chain."""
