"""The monthly bulletin: its figures, and the Word document in the official layout."""
