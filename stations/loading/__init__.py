"""Preparation of the database: schema, migrations, reference data, set-up."""
