"""Drawing the records of the registry: stations, centres, institutions."""
