"""Planning of the next stations and centres: reach, demand, siting, scenarios."""
