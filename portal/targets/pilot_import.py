"""The form by which the province imports a list of pilots."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.language import _
from portal.list_import import FILES, take_list
from portal.upload_field import upload_field
from portal.visit import Visit
from stations.tables.table_file import LIMITS
from stations.targets.pilot_list import import_pilots


def draw_pilot_import(present: Visit) -> None:
    """Draw the form; a list that is right is imported whole, else each wrong row is named."""
    told = _(
        "A CSV or Excel file with a heading row: 名称, 类型 (农业标准化, or 社会管理和公共服务), 设区市 or 县(市、区), "
        "承担单位, 立项日期, 验收日期, 状态, 来源. A pilot is known by its name, kind and city; importing a list again "
        "changes nothing."
    )
    st.html(Markup("<p>{}</p>").format(told))
    with st.form("pilot_form", border=False, enter_to_submit=False):
        file = upload_field(_("File"), kinds=FILES, key="pilot_file", megabytes=LIMITS.bytes // 1_000_000)
        origin = st.text_input(_("Source: who published it, where"), key="pilot_source")
        pressed = st.form_submit_button(_("Import"))
    if pressed:
        take_list(
            file,
            lambda session, content: import_pilots(session, present.actor, content, source=origin, now=present.now),
            lambda done: _(
                "Pilots added: {added}, changed: {changed}, unchanged: {unchanged}.",
                added=len(done.added),
                changed=len(done.changed),
                unchanged=done.unchanged,
            ),
            {"file": _("File"), "source": _("Source")},
        )
