"""Preparing the database: schema, migrations, reference data."""
