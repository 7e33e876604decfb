"""The monthly bulletin in the layout of official documents."""
