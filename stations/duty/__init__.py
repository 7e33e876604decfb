"""Who may do what where: roles, areas of duty and what is masked for whom."""
