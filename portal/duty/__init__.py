"""Drawing who answers for what: duties in words, pages that only some duties open."""
