"""Importing lists of stations from spreadsheets: columns, rows, places, the plan, its report and the template."""
