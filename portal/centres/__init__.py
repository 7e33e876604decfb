"""Drawing of centres and industrial chains."""
