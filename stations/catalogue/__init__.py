"""The service catalogue and the industrial chains, and finding a service by a firm's own words."""
