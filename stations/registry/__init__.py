"""The registry of service stations and centres: records, dated histories, editing, proposals, doubles."""
