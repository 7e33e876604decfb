"""Backups of the whole database, attachments and audit log included, and restoring them with proof."""
