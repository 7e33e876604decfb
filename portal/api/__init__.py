"""What other programs ask: HTTP interfaces over the answers of ``stations``, each described by an OpenAPI document."""
