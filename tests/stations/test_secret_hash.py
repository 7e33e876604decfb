from __future__ import annotations

from stations.secret_hash import hash_secret, secret_matches
from tests.conftest import PRODUCT_HASHER


def test_only_the_same_secret_matches() -> None:
    kept = hash_secret("a long secret")
    assert kept.startswith("$argon2id$")
    assert secret_matches(kept, "a long secret")
    assert not secret_matches(kept, "another secret")


def test_without_a_hash_nothing_matches() -> None:
    assert not secret_matches(None, "a long secret")


def test_the_product_hashes_as_slowly_as_rfc_9106_recommends() -> None:
    """Its second recommended option, for machines with little memory."""
    assert PRODUCT_HASHER.type.name == "ID"
    assert (PRODUCT_HASHER.memory_cost, PRODUCT_HASHER.time_cost, PRODUCT_HASHER.parallelism) == (64 * 1024, 3, 4)
    assert (PRODUCT_HASHER.salt_len, PRODUCT_HASHER.hash_len) == (16, 32)
