"""Opening a firm's requests again, whose code is lost, with six digits sent to its confirmed contact."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from portal.api.client import address_of
from portal.api.inquiry import Asked
from portal.api.strict_route import StrictRoute
from portal.api.v1.filing import PRIVATE
from portal.api.v1.followed_shapes import LostCode, Recovered, RecoveryBegun, RecoveryCode
from portal.api.v1.problems import failures
from portal.api.v1.tags import REQUESTS
from portal.notices.notice_settings import notice_settings
from portal.storage import engine
from stations.requests.code_session import new_browser_token
from stations.requests.recovery import ask_for_code, open_requests_of, read_contact

router = APIRouter(route_class=StrictRoute, tags=[REQUESTS])


@router.post("/request-recoveries", operation_id="recoverRequests", status_code=202, responses=failures(400, 429))
def post_recovery(asked: Asked, request: Request, response: Response, written: LostCode) -> RecoveryBegun:
    """Send six digits to a confirmed contact; whether it has requests is not told. 向已确认的联系方式发送验证码。"""
    contact = read_contact(written.contact, notice_settings().channels)
    session = new_browser_token()
    ask_for_code(
        engine(),
        contact,
        browser=session,
        client=address_of(request),
        language=asked.language.code,
        now=asked.now,
    )
    response.headers.update(PRIVATE)
    return RecoveryBegun(session=session)


@router.post("/request-recoveries/confirmation", operation_id="confirmRecovery", responses=failures(400, 429))
def confirm_recovery(asked: Asked, request: Request, response: Response, written: RecoveryCode) -> Recovered:
    """Open the contact's requests for 12 hours. 用验证码打开该联系方式的全部申请（12 小时）。

    Send `X-Request-Session` with what follows; `POST /requests/{number}/code` makes a new code. 随后可更换查询码。
    """
    numbers = open_requests_of(
        engine(),
        read_contact(written.contact, notice_settings().channels),
        written.code,
        browser=written.session,
        client=address_of(request),
        now=asked.now,
    )
    response.headers.update(PRIVATE)
    return Recovered(numbers=numbers, session=written.session)
