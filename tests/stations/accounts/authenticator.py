"""An authenticator in software, as a security key is one: it makes passkeys and signs what it is asked (WebAuthn)."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as text
from webauthn.helpers import encode_cbor

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """``count``: how often it has signed. ``verifies``: whether it asks for a finger or a PIN."""

    origin: str
    verifies: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, question: str) -> str:
        """Answer a question for making a passkey."""
        asked = json.loads(question)
        numbers = self.key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        made = bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id + public
        data = self._data(asked["rp"]["id"], WITH_KEY) + made
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(asked, "webauthn.create", attestationObject=text(attested))

    def use(self, question: str) -> str:
        """Answer a question for signing."""
        asked = json.loads(question)
        self.count += 1
        data = self._data(asked["rpId"], 0)
        signed = data + hashlib.sha256(self._client(asked, "webauthn.get")).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(asked, "webauthn.get", authenticatorData=text(data), signature=text(signature))

    def _data(self, host: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, asked: dict[str, Any], kind: str) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, asked: dict[str, Any], kind: str, **response: str) -> str:
        known_by = text(self.credential_id)
        response["clientDataJSON"] = text(self._client(asked, kind))
        return json.dumps(
            {
                "id": known_by,
                "rawId": known_by,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
