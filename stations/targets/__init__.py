"""The policy's targets: counting rules, current standing, progress and forecast."""
