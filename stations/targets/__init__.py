"""The policy's targets: counting rules, standing, progress, forecast."""
