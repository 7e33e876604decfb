"""The industrial chains that centres and stations serve, and editing the list of chains."""
