"""What an operator has to know: whether each part works, what is wrong, and what to do about it."""
