"""The catalogue of services and of industrial chains, and search by a firm's own words."""
