"""Where the next station or centre would serve best: reach, demand, siting, scenarios."""
