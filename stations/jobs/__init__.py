"""The recurring jobs: each module that holds a ``JOB`` is one; ``table`` lists them, ``loop`` runs them."""
