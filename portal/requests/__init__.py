"""A request as the firm sees it: its form, its course, its messages, its rating."""
