"""Records of the registry drawn: forms, histories, proposals, doubles, imports."""
