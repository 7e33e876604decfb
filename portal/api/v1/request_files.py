"""Messages, answers and files of a request: JSON, a form with files, or one file as the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from portal.api.inquiry import Asked, Inquiry
from portal.api.repeatable import Once, RepeatableRoute, Sending
from portal.api.v1.filing import PRIVATE
from portal.api.v1.filing_shapes import Shape, described
from portal.api.v1.followed_shapes import Followed
from portal.api.v1.problems import failures
from portal.api.v1.request_proof import MATCHES, Mine, Opened, Version
from portal.api.v1.requests import shown
from portal.api.v1.tags import REQUESTS
from stations.errors import Problems
from stations.requests.attached_file import KINDS, CheckedFile, check_file
from stations.requests.attachments import attachment_of
from stations.requests.handling import move_as_firm, write_as_firm
from stations.requests.lookup import look_up
from stations.requests.moves import MoveName

router = APIRouter(route_class=RepeatableRoute, tags=[REQUESTS])

FILES_AT_ONCE = 10
JSON, FORM = "application/json", "multipart/form-data"
MEDIA_TYPES = tuple(kind.media_type for kind in KINDS)


class Written(Shape):
    """A text for the station. 给站点的文字。"""

    text: str = described("The text.", "正文。", "请问需要带什么资料？", max_length=16000)


@dataclass(frozen=True)
class Sent:
    """What was sent: a text, and files by name and content."""

    text: str
    files: Sequence[tuple[str, bytes]]


async def read_sent(request: Request, _mine: Mine, _once: Once) -> Sent:
    """Return what was sent, as JSON or as a form with files; only after the proof of the right to send it, and only if
    it was not done before.

    Raises:
        HTTPException: the body is of another type (415), or no form can be read from it (400).
        RequestValidationError: it does not have the described fields.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == JSON:
        try:
            return Sent(TypeAdapter(Written).validate_json(await request.body()).text, ())
        except ValidationError as error:
            found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            raise RequestValidationError(found) from None
    if kind != FORM:
        raise HTTPException(415, headers={"Accept": f"{JSON}, {FORM}"})
    async with request.form(max_files=FILES_AT_ONCE, max_fields=FILES_AT_ONCE) as form:
        texts, files = [], []
        for name, value in form.multi_items():
            if name == "files" and isinstance(value, UploadFile):
                files.append((value.filename or "", await value.read()))
            elif name == "text" and isinstance(value, str):
                texts.append(value)
            else:
                raise RequestValidationError([{"type": "extra_forbidden", "loc": ("body", name), "input": name}])
    if len(texts) > 1:
        raise RequestValidationError([{"type": "too_long", "loc": ("body", "text"), "ctx": {"max_length": 1}}])
    return Sent(texts[0] if texts else "", files)


Body = Annotated[Sent, Depends(read_sent)]
BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": Written.model_json_schema(),
                "examples": {
                    "中文": {"value": {"text": "请问需要带什么资料？"}},
                    "English": {"value": {"text": "What shall we bring along?"}},
                },
            },
            FORM: {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "text": {"type": "string", "maxLength": 16000},
                        "files": {
                            "type": "array",
                            "maxItems": FILES_AT_ONCE,
                            "items": {"type": "string", "format": "binary"},
                            "description": "PDF, JPEG, PNG, WebP, DOCX or XLSX, 10 MB each. 每个文件不超过 10 MB。",
                        },
                    },
                },
                "encoding": {"files": {"contentType": ", ".join(MEDIA_TYPES)}},
            },
        },
    }
}


def _checked(files: Sequence[tuple[str, bytes]]) -> list[CheckedFile]:
    """Return the files after checking and cleaning them.

    Raises:
        InvalidForm: one problem for each rejected file.
    """
    problems = Problems()
    checked = [problems.attempt(check_file, name, content) for name, content in files]
    problems.stop()
    return checked


@router.post(
    "/requests/{number}/messages",
    operation_id="writeMessage",
    status_code=201,
    responses=failures(400, 401, 404, 409, 413, 415, 429, 503),
    openapi_extra=BODIES,
)
def post_message(asked: Asked, mine: Mine, response: Response, once: Once, sent: Body) -> Followed:
    """Write to the station, with files if need be. 给站点留言，可附文件。"""
    return _write(asked, mine, response, once, sent)


@router.post(
    "/requests/{number}/answer",
    operation_id="answerQuestion",
    responses=failures(400, 401, 404, 409, 412, 413, 415, 428, 429, 503),
    openapi_extra=BODIES | MATCHES,
)
def post_answer(
    asked: Asked, mine: Mine, version: Version, response: Response, once: Once, sent: Body
) -> Followed:
    """Answer what the station asks, with files if need be; the request then goes on. 回答站点的提问，可附文件。"""
    files = _checked(sent.files)
    with once.transaction() as session:
        move_as_firm(
            session,
            mine.number,
            mine.proof,
            MoveName.ANSWER,
            version=version,
            note=sent.text,
            files=files,
            now=asked.now,
        )
    return shown(asked, mine, response)


async def read_file(request: Request, _mine: Mine, _once: Once) -> bytes:
    """Return the body, only after the proof of the right to send it, and if it was not done before."""
    return await request.body()


FileName = Annotated[
    str, Query(description="Name of the file. 文件名。", min_length=1, max_length=400, examples=["certificate.pdf"])
]


@router.post(
    "/requests/{number}/files",
    operation_id="attachFile",
    status_code=201,
    responses=failures(400, 401, 404, 409, 413, 415, 429, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES},
        }
    },
)
def post_file(
    asked: Asked,
    mine: Mine,
    response: Response,
    name: FileName,
    once: Once,
    content: Annotated[bytes, Depends(read_file)],
) -> Followed:
    """Send one file as the body: it goes with a message of its own. Its content says of what kind it is, and pictures
    are written anew without metadata. 发送一个文件（原始内容）；图片会去除元数据。
    """
    return _write(asked, mine, response, once, Sent("", [(name, content)]))


@router.get(
    "/requests/{number}/files/{code}",
    operation_id="getFile",
    response_class=Response,
    responses={
        200: {
            "description": "The file. 文件内容。",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES},
        },
        **failures(400, 401, 404),
    },
)
def get_file(asked: Asked, mine: Mine, code: str) -> Response:
    """Return a file of the request. 下载附件。"""
    with asked.reading() as session:
        request = look_up(session, mine.number, mine.proof, now=asked.now, samples=asked.samples)
        file = attachment_of(session, request, code)
        content = file.content
    return Response(
        content,
        media_type=file.media_type,
        headers={
            **PRIVATE,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _write(asked: Inquiry, mine: Opened, response: Response, once: Sending, sent: Sent) -> Followed:
    files = _checked(sent.files)
    with once.transaction() as session:
        write_as_firm(session, mine.number, mine.proof, sent.text, files=files, now=asked.now)
    return shown(asked, mine, response)
