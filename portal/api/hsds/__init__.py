"""``/hsds``: the directory by the API of HSDS 3.1 (Open Referral), read only."""
