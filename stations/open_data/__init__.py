"""What the public may download: the registers and the coverage as data sets, and the directory in HSDS."""
