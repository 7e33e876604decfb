"""The sample network: invented records beside the documented ones, each marked as a sample."""
