"""The errors of routes, as their OpenAPI document tells them."""

from __future__ import annotations

from typing import Any

TOLD = {
    400: "Something that was sent can't be used: `errors` names it. 请求内容不可用，见 `errors`。",
    401: "The proof of the right to it is missing. 缺少凭据。",
    404: "There is none, or the proof is wrong; it is not told which. 不存在，或凭据不符。",
    406: "The answer can't be given in this form. 无法以所要求的形式作答。",
    409: "It can't be done as things stand. 目前状态下不能办理。",
    410: "The cursor is from before what is kept; read everything anew. 游标已超出保留期，请重新全量读取。",
    412: "The request has changed since you saw it: read it again. 申请已有变化，请重新读取。",
    413: "More than may be sent. 内容过大。",
    415: "The body has a type that is not taken. 不支持的内容类型。",
    422: "The idempotency key was used for another body. 幂等键已用于其他内容。",
    428: "`If-Match` is missing. 缺少 `If-Match`。",
    429: "So much of this was done lately that it has to wait. 次数过多，请稍后再试。",
    503: "Not available at the moment; try again. 暂不可用，请稍后再试。",
}


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what the OpenAPI document says of these statuses."""
    return {status: {"description": TOLD[status]} for status in statuses}
