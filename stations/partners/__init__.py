"""Systems of other offices: their keys, what they are called back about, and keeping records in step with theirs."""
