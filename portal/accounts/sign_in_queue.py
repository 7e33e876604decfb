"""How many passwords are checked at a time for all visitors, and for those of one network.

Whoever comes too much is turned away at once: waiting would take the threads in which everything else is answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from stations.client_network import network_of
from stations.errors import Busy
from stations.language import N_

OF_ALL = 12
OF_NETWORK = 4


class SignInQueue:
    """The checks of passwords that are under way."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._networks: Counter[str] = Counter()

    @contextmanager
    def turn(self, address: str) -> Iterator[None]:
        """Take a turn for a client at this address.

        Raises:
            Busy: too many are under way.
        """
        network = network_of(address)
        with self._lock:
            if self._networks.total() >= OF_ALL or self._networks[network] >= OF_NETWORK:
                raise Busy(N_("Many people are asking for this at the moment; please try again in a minute"))
            self._networks[network] += 1
        try:
            yield
        finally:
            with self._lock:
                self._networks[network] -= 1
                self._networks += Counter()  # leaves out those at nought


queue = SignInQueue()
