"""The feed of changes, for systems that keep their own records in step."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from portal.api.inquiry import Asked, unknown_word
from portal.api.keys import PRIVATE, Key
from portal.api.strict_route import StrictRoute
from portal.api.v1.partner_shapes import Changes
from portal.api.v1.problems import failures
from portal.api.v1.tags import PARTNERS
from stations.changes.as_json import feed_data
from stations.changes.cursor import NOW, read_cursor
from stations.changes.feed import FeedPage, last_position, read_feed
from stations.partners.scopes import read_kinds, subjects_of
from stations.readers.numbers import read_whole_number

MOST = 1000
router = APIRouter(route_class=StrictRoute, tags=[PARTNERS])

Since = Annotated[
    str | None,
    Query(
        description="The cursor in `next` of the last answer; `now` for what happens from now on; from the oldest that "
        "is kept where it is left out. 上次应答中的 next；now 表示从现在起。",
    ),
]
Kinds = Annotated[
    list[str] | None,
    Query(description="Only these kinds of changes; repeated, or separated by commas. 仅这些类型的变更。"),
]
Limit = Annotated[
    str | None, Query(description=f"How many changes at most: 1 to {MOST}; 100 where it is left out. 每页条数。")
]
Own = Annotated[
    str | None,
    Query(
        description="`0` leaves out what the same key changed. 0 表示不含本密钥自己的变更。",
        json_schema_extra={"enum": ["0", "1"]},
    ),
]


@router.get("/changes", operation_id="getChanges", responses=failures(410))
def get_changes(
    asked: Asked,
    key: Key,
    response: Response,
    since: Since = None,
    kind: Kinds = None,
    limit: Limit = None,
    own: Own = None,
) -> Changes:
    """Return what changed in the key's area, in the order in which it was committed. 按提交顺序返回密钥区域内的变更。

    Nothing is missed or comes twice: read on from `next`, kept in the reader's own transaction. Changes are kept for
    half a year; a cursor from before is answered by 410, and the reader then reads all records anew.
    """
    kinds = read_kinds("kind", kind or [])
    count = read_whole_number("limit", limit, 1, MOST) if limit is not None else 100
    if own not in (None, "0", "1"):
        raise unknown_word("own", own, ("0", "1"))
    subjects = subjects_of(key.scopes)
    response.headers.update(PRIVATE)
    with asked.reading() as session:
        if since == NOW:
            return Changes.model_validate(feed_data(FeedPage((), last_position(session), False)))
        page = read_feed(
            session,
            key.actor,
            read_cursor("since", since) if since is not None else None,
            subjects=subjects,
            kinds=kinds,
            samples=asked.samples,
            limit=count,
            not_by=key.prefix if own == "0" else None,
        )
        return Changes.model_validate(feed_data(page))

