"""The directory in HSDS 3.1, the Human Services Data Specification of Open Referral (https://docs.openreferral.org)."""
