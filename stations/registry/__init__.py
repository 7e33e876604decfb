"""The registry of service stations, centres and institutions: records, dated histories and change histories."""
