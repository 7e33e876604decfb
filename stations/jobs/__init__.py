"""The recurring jobs. Each module with a ``JOB`` is one; ``table`` lists them, ``loop`` runs them."""
