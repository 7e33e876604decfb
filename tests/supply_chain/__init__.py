"""Looking at the installed packages: ``make licences``, ``make sbom``, ``make vulnerabilities``."""
