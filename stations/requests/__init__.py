"""Service requests: filing, routing, states and moves, deadlines, the work desk's queue, escalation, rating."""
