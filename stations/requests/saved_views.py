"""The views of the work desk that a person has saved: a name, and the filters and order that it stands for."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlencode

from sqlalchemy import String, Text, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base
from stations.duty.roles import Action, Actor, outside_duty, signed_in
from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.language import N_
from stations.personal_data import PersonalData

NAME_LIMIT = 40
MOST = 20
_QUERY_LIMIT = 2000


class SavedView(Base):
    """A view of one account. ``query``: filters and order, as in the address of the desk."""

    __tablename__ = "saved_view"
    in_caches = False
    personal_data = PersonalData(
        columns=("username",),
        written=("name", "query"),
        kept="until its person removes it",
        deleted_by=("stations.requests.saved_views:remove_view",),
    )
    __table_args__ = (UniqueConstraint("username", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    query: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime]

    @property
    def filters(self) -> dict[str, list[str]]:
        """The parameters of the address, each with its values."""
        return parse_qs(self.query)


def list_views(session: Session, actor: Actor) -> list[SavedView]:
    """Return the actor's views, in the order in which they were first saved."""
    return list(session.scalars(select(SavedView).where(SavedView.username == actor.username).order_by(SavedView.id)))


def save_view(
    session: Session, actor: Actor | None, name: str, filters: dict[str, list[str]], *, now: datetime
) -> SavedView:
    """Save the filters under a name, in place of the actor's earlier view of that name. Return the view.

    Raises:
        NotAllowed: the actor has no work desk.
        InvalidInput: no or too long a name, or too many views (field ``view``).
    """
    actor = signed_in(actor)
    if not actor.may_somewhere(Action.SEE_REQUESTS):
        raise outside_duty(Action.SEE_REQUESTS)
    name = read_text("view", name, limit=NAME_LIMIT)
    query = urlencode(filters, doseq=True)
    if len(query) > _QUERY_LIMIT:
        raise InvalidInput("view", N_("This is too long; {limit} characters at most"), limit=_QUERY_LIMIT)
    views = {view.name: view for view in list_views(session, actor)}
    view = views.get(name)
    if view is None:
        if len(views) >= MOST:
            raise InvalidInput("view", N_("At most {most} views can be saved; remove one first"), most=MOST)
        view = SavedView(username=actor.username, name=name)
        session.add(view)
    view.query, view.saved_at = query, now
    return view


def remove_view(session: Session, actor: Actor | None, view_id: int) -> None:
    """Remove a view of the actor's; if it is gone already, nothing changes."""
    actor = signed_in(actor)
    session.execute(delete(SavedView).where(SavedView.id == view_id, SavedView.username == actor.username))
