"""Service requests: filing, routing, the table of moves, deadlines, the desk, escalation."""
