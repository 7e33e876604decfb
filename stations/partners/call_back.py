"""Call-backs to systems of other offices: what they are told, where, and what became of each.

A subscription belongs to a key. It is told of changes in the key's area, as far as the key's scopes allow, from the
feed of changes: the job that sends reads on from ``position``, so that nothing is missed and no writer waits for it.
Messages follow the Standard Webhooks specification. Their secret is derived from ``WEBHOOK_SECRET``, the
subscription's code and its generation, so none is stored; after a new one was made the old one signs too for a while.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Boolean, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from stations.database import Base, Versioned, choice
from stations.language import N_, LabelledEnum
from stations.notices.channels.webhook import CallBacks, signing_secret
from stations.partners.interface_key import InterfaceKey

BOTH_SECRETS_FOR = timedelta(days=2)
"""How long the old secret signs beside a new one."""
URL_LIMIT = 500


class CallBackState(LabelledEnum):
    """Whether a subscription is called back. ``UNCHECKED``: its address has not answered yet."""

    UNCHECKED = "unchecked", N_("Address not checked yet")
    ACTIVE = "active", N_("Called back")
    PAUSED = "paused", N_("Paused")
    DISABLED = "disabled", N_("Switched off after failures")


class CallBackSubscription(Base, Versioned):
    """A subscription.

    ``code``: in addresses and in the ids of messages. ``kinds``: of changes, all that the key may read if empty.
    ``generation``: of its secret; ``previous_until``: until when the one before signs too. ``position``: up to which
    the feed was looked through for it. ``failing_since``: since when no message was taken; None if the last one was.
    """

    __tablename__ = "call_back_subscription"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("interface_key.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(String(URL_LIMIT))
    kinds: Mapped[list[str]]
    state: Mapped[CallBackState] = mapped_column(choice(CallBackState, "state"))
    generation: Mapped[int] = mapped_column(Integer)
    previous_until: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(Integer)
    failing_since: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]

    key: Mapped[InterfaceKey] = relationship()

    def secret(self, call_backs: CallBacks) -> str:
        """Return the secret with which receivers check messages: ``whsec_…``."""
        return _secret(call_backs, self.code, self.generation)

    def secrets(self, call_backs: CallBacks, now: datetime) -> list[str]:
        """Return every secret that signs at the moment, the newest first."""
        found = [self.secret(call_backs)]
        if self.previous_until is not None and now < self.previous_until:
            found.append(_secret(call_backs, self.code, self.generation - 1))
        return found


class DeliveryState(LabelledEnum):
    """What became of a call-back."""

    WAITING = "waiting", N_("Waiting")
    SENT = "sent", N_("Sent")
    FAILED = "failed", N_("Failed")


class CallBackDelivery(Base):
    """One change of which a subscription is told.

    ``position``: of the change in the feed. ``tries``, ``next_try_at``, ``lease``, ``leased_until``: as of a notice.
    ``holds_up``: later ones wait behind it; not if its receiver has refused just this one. ``response``: the status
    of the last answer, None if none came; ``error``: why it was not taken.
    """

    __tablename__ = "call_back_delivery"
    in_caches = False
    personal_data = None
    __table_args__ = (UniqueConstraint("subscription_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscription_id: Mapped[int] = mapped_column(
        ForeignKey("call_back_subscription.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    state: Mapped[DeliveryState] = mapped_column(choice(DeliveryState, "state"), index=True)
    tries: Mapped[int] = mapped_column(Integer)
    next_try_at: Mapped[datetime] = mapped_column(index=True)
    lease: Mapped[str | None] = mapped_column(String(40))
    leased_until: Mapped[datetime | None]
    holds_up: Mapped[bool] = mapped_column(Boolean)
    response: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(index=True)
    last_try_at: Mapped[datetime | None]

    subscription: Mapped[CallBackSubscription] = relationship()


def _secret(call_backs: CallBacks, code: str, generation: int) -> str:
    return signing_secret(call_backs, f"call-back {code} {generation}")


def message_id(code: str, position: int) -> str:
    """Return the id of the message that tells a subscription of a change, the same at every attempt."""
    return f"msg_{code}_{position}"
