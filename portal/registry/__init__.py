"""Drawing of the registry's records: stations, centres, institutions."""
