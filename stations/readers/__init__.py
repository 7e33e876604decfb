"""One reader for each kind of entered text: dates, numbers, telephone numbers, e-mail addresses, codes, hours.

A reader takes ``field``, the name of the input for an error, and the text as entered. It returns the value or raises
one ``InvalidInput`` that quotes the text and says how to write it. Forms, imports, commands and page addresses call the
same reader, so that a text means the same wherever it is entered. Coordinates and counties, which need the map, are
read in ``stations.places``.
"""
