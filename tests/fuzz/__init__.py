"""Bad input in bulk: whatever is written, there is a clear error or an answer, never a traceback or half a row."""
