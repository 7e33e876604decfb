"""Machines that die while eight clients file requests, tried in network namespaces with the files of ``deploy/``.

``make failover``, as root on a Debian machine with the packages of ``docs/operations.md``. No part of
``make test``.
"""
