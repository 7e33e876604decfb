"""User accounts, sign-ins, passwords and single sign-on."""
