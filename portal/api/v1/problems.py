"""The errors of routes, as their OpenAPI document tells them."""

from __future__ import annotations

from typing import Any

from portal.api.problem import MEDIA_TYPE

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Problem details (RFC 9457), in the language of the request. 错误说明（RFC 9457）。",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Each parameter or field that can't be used. 不可用的参数或字段。",
            "items": {
                "type": "object",
                "required": ["in", "name", "detail"],
                "properties": {
                    "in": {"type": "string", "description": "`query`, `path`, `header` or `body`."},
                    "name": {"type": "string"},
                    "detail": {"type": "string", "description": "What to do. 应如何修改。"},
                },
            },
        },
        "reference": {"type": "string", "description": "The reference of the log. 日志编号。"},
    },
}

TOLD = {
    400: "Something that was sent can't be used: `errors` names it. 请求内容不可用，见 `errors`。",
    401: "The proof of the right to it is missing. 缺少凭据。",
    404: "There is none, or the proof is wrong; it is not told which. 不存在，或凭据不符。",
    406: "The answer can't be given in this form. 无法以所要求的形式作答。",
    409: "It can't be done as things stand. 目前状态下不能办理。",
    412: "The request has changed since you saw it: read it again. 申请已有变化，请重新读取。",
    413: "More than may be sent. 内容过大。",
    415: "The body has a type that is not taken. 不支持的内容类型。",
    422: "The idempotency key was used for another body. 幂等键已用于其他内容。",
    428: "`If-Match` is missing. 缺少 `If-Match`。",
    429: "So much of this was done lately that it has to wait. 次数过多，请稍后再试。",
    503: "Not available at the moment; try again. 暂不可用，请稍后再试。",
}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document says of these statuses, and of all other errors."""
    content = {MEDIA_TYPE: {"schema": PROBLEM}}
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": TOLD[status], "content": content} for status in statuses
    }
    return {**told, "default": {"description": "Any other error. 其他错误。", "content": content}}
