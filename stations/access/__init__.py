"""Who may do what where: roles, duties, accounts, signing in."""
