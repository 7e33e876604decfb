"""Drawing of the evaluation."""
