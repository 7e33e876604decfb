"""Coverage alerts: rules, contacts of offices, the check, and its notices."""
