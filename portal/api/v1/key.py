"""What a key allows, asked by its holder."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from portal.api.inquiry import Asked
from portal.api.keys import PRIVATE, Key
from portal.api.strict_route import StrictRoute
from portal.api.v1.partner_shapes import KeyInUse
from stations.answers.interface_keys import KEY_IN_USE
from stations.language import N_

router = APIRouter(route_class=StrictRoute, tags=[N_("Keys")])


@router.get("/key", operation_id="getKey", summary=N_("What a key allows"))
def get_key(asked: Asked, key: Key, response: Response) -> KeyInUse:
    """Return what the key that is presented allows, where, and until when. 查询当前密钥的权限、范围和有效期。"""
    response.headers.update(PRIVATE)
    return KeyInUse.model_validate(KEY_IN_USE.data(key, asked.language))
