"""Authorization: roles, areas of duty, and masking of personal data."""
