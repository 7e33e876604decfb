"""Lists of the other registers (centres, pilots …): imported row by row with a preview, and exported whole."""
