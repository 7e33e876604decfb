"""The portal: pages, maps and HTTP. It contains no rules of the domain; pages call ``stations`` and draw the results.
"""
