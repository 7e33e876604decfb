"""Following a request, and every step that its firm can take, with number and code as on the page."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from portal.api.inquiry import Asked, Inquiry
from portal.api.repeatable import Once, RepeatableRoute, Sending
from portal.api.v1.filing import PRIVATE, check_channel, read_language
from portal.api.v1.followed_shapes import (
    Contact,
    Followed,
    NewCodeTold,
    NewRating,
    NoticeWay,
    OwnData,
    Reason,
    Reopening,
    SixDigits,
    Sure,
)
from portal.api.v1.problems import failures
from portal.api.v1.request_proof import MATCHES, Mine, Opened, Version, etag
from portal.api.v1.tags import REQUESTS
from stations.answers.followed_request import follow, followed_request, own_data
from stations.notices.channel_table import channel_of
from stations.requests.access import new_code_as_firm
from stations.requests.contact_details import ContactForm, correct_contact
from stations.requests.erasure import erase_as_firm
from stations.requests.handling import move_as_firm
from stations.requests.lookup import look_up
from stations.requests.moves import MoveName
from stations.requests.notice_way import choose_notice_way, own_address, try_notice_code
from stations.requests.one_time_code import wrong_code
from stations.requests.rating import Question, rate
from stations.requests.reopening import remind, reopen
from stations.requests.service_request import ServiceRequest
from stations.secret_codes import NewCode

router = APIRouter(route_class=RepeatableRoute, tags=[REQUESTS])

READ = failures(400, 401, 404)
CHANGED = failures(400, 401, 404, 409)
STEPPED = failures(400, 401, 404, 409, 412, 428)


def shown(asked: Inquiry, mine: Opened, response: Response) -> Followed:
    """Return a request as it stands, with its version as ``ETag``."""
    with asked.reading() as session:
        request = look_up(session, mine.number, mine.proof, now=asked.now, samples=asked.samples)
        told = followed_request(follow(session, request, asked.now), asked.language)
    response.headers.update({**PRIVATE, "ETag": etag(told["version"]), "Content-Language": asked.language.tag})
    return Followed.model_validate(told)


def _done(
    asked: Inquiry, mine: Opened, response: Response, once: Sending, act: Callable[[Session], object]
) -> Followed:
    with once.transaction() as session:
        act(session)
    return shown(asked, mine, response)


@router.get("/requests/{number}", operation_id="followRequest", responses=READ)
def get_request(asked: Asked, mine: Mine, response: Response) -> Followed:
    """Return a request as its firm sees it, and what the firm can do now. 查询申请的进展和可办事项。"""
    return shown(asked, mine, response)


@router.get("/requests/{number}/data", operation_id="exportRequestData", responses=READ)
def get_data(asked: Asked, mine: Mine, response: Response) -> OwnData:
    """Return all that the request holds, to be taken along. 导出该申请的全部数据。

    Personal Information Protection Law, article 45. 依据《个人信息保护法》第四十五条。
    """
    with asked.reading() as session:
        request = look_up(session, mine.number, mine.proof, now=asked.now, samples=asked.samples)
        told = own_data(follow(session, request, asked.now))
    disposition = f'attachment; filename="{mine.number}.json"'
    response.headers.update({**PRIVATE, "Content-Disposition": disposition})
    return OwnData.model_validate(told)


@router.post(
    "/requests/{number}/cancellation", operation_id="cancelRequest", responses=STEPPED, openapi_extra=MATCHES
)
def cancel(asked: Asked, mine: Mine, version: Version, response: Response, written: Reason, once: Once) -> Followed:
    """Take the request back, before work has begun. 撤回申请（开始办理前）。"""

    def act(session: Session) -> object:
        return move_as_firm(
            session, mine.number, mine.proof, MoveName.CANCEL, version=version, note=written.note, now=asked.now
        )

    return _done(asked, mine, response, once, act)


@router.post("/requests/{number}/closing", operation_id="closeRequest", responses=STEPPED, openapi_extra=MATCHES)
def close(asked: Asked, mine: Mine, version: Version, response: Response, once: Once) -> Followed:
    """Confirm what was delivered and close the request. 确认办结。"""

    def act(session: Session) -> object:
        return move_as_firm(session, mine.number, mine.proof, MoveName.CLOSE, version=version, now=asked.now)

    return _done(asked, mine, response, once, act)


@router.post("/requests/{number}/reminders", operation_id="remindStation", responses=STEPPED, openapi_extra=MATCHES)
def send_reminder(asked: Asked, mine: Mine, version: Version, response: Response, once: Once) -> Followed:
    """Remind the station, and the administrators above it, that the request waits. 催办。"""
    return _done(
        asked,
        mine,
        response,
        once,
        lambda session: remind(session, mine.number, mine.proof, version=version, now=asked.now),
    )


@router.post("/requests/{number}/reopening", operation_id="reopenService", responses=STEPPED, openapi_extra=MATCHES)
def reopen_service(
    asked: Asked, mine: Mine, version: Version, response: Response, written: Reopening, once: Once
) -> Followed:
    """Reopen a delivered service that is not done. 对未办妥的服务要求重新办理。"""

    def act(session: Session) -> object:
        return reopen(
            session, mine.number, mine.proof, written.service, version=version, note=written.note, now=asked.now
        )

    return _done(asked, mine, response, once, act)


@router.put("/requests/{number}/rating", operation_id="rateRequest", responses=CHANGED)
def put_rating(asked: Asked, mine: Mine, response: Response, written: NewRating, once: Once) -> Followed:
    """Rate a delivered request, or change its rating. 评价，或修改评价。"""
    questions = {question: getattr(written, question.value) for question in Question}

    def act(session: Session) -> object:
        return rate(
            session, mine.number, mine.proof, questions, written.services, written.comment, now=asked.now
        )

    return _done(asked, mine, response, once, act)


@router.put("/requests/{number}/contact", operation_id="correctContact", responses=failures(400, 401, 404, 409, 429))
def put_contact(asked: Asked, mine: Mine, response: Response, written: Contact, once: Once) -> Followed:
    """Correct whom the station reaches. 更正联系方式。"""
    form = ContactForm(written.contact_name, written.phone, written.email)
    return _done(
        asked,
        mine,
        response,
        once,
        lambda session: correct_contact(session, mine.number, mine.proof, form, now=asked.now),
    )


@router.put("/requests/{number}/notices", operation_id="chooseNotices", responses=failures(400, 401, 404, 409, 429))
def put_notices(asked: Asked, mine: Mine, response: Response, written: NoticeWay, once: Once) -> Followed:
    """Choose where notices go from now on; a new address gets a code to be confirmed. 选择通知方式。"""
    language = read_language(asked, written.language)

    def act(session: Session) -> None:
        request = _mine(session, asked, mine)
        held = request.notice_channel.code if request.notice_channel else ""
        if written.channel != held:
            check_channel(written.channel)
        address = written.address
        if written.channel and not address.strip():
            own = {"phone": request.phone, "email": request.email or ""}
            address = own_address(channel_of(written.channel), own) or ""
        choose_notice_way(session, request, written.channel, address, language, now=asked.now)

    return _done(asked, mine, response, once, act)


@router.post("/requests/{number}/notices/confirmation", operation_id="confirmNotices", responses=CHANGED)
def confirm_notices(asked: Asked, mine: Mine, response: Response, written: SixDigits, once: Once) -> Followed:
    """Confirm the address for notices with the six digits that were sent there. 确认通知地址。"""
    with asked.transaction() as session:  # which counts a wrong code too
        right = try_notice_code(session, _mine(session, asked, mine), written.code, now=asked.now)
        if right:
            once.mark_done(session)
    if not right:
        raise wrong_code("code")
    return shown(asked, mine, response)


@router.post("/requests/{number}/code", operation_id="renewCode", responses=CHANGED)
def post_code(asked: Asked, mine: Mine, response: Response, once: Once) -> NewCodeTold:
    """Make a new secret code, told only here; the one before no longer opens the request. 更换查询码。"""
    code = NewCode()  # hashing is slow, so before the transaction
    with once.transaction() as session:
        number = new_code_as_firm(session, mine.number, mine.proof, code, now=asked.now).number
    response.headers.update(PRIVATE)
    return NewCodeTold(number=number, code=code.code)


@router.post(
    "/requests/{number}/erasure",
    operation_id="eraseRequest",
    status_code=204,
    responses=STEPPED,
    openapi_extra=MATCHES,
)
def post_erasure(asked: Asked, mine: Mine, version: Version, written: Sure, once: Once) -> None:
    """Erase what an ended request says of its firm (article 47 of the same law). 删除已结束申请中的企业数据。"""
    with once.transaction() as session:
        erase_as_firm(session, mine.number, mine.proof, version=version, now=asked.now)


def _mine(session: Session, asked: Inquiry, mine: Opened) -> ServiceRequest:
    return look_up(session, mine.number, mine.proof, now=asked.now, samples=asked.samples)
