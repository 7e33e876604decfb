"""Faults done to real servers while eight clients file requests, and the proof that nothing acknowledged was lost."""
