"""工作台设置: the reply templates, and after how many working days an overdue request is escalated."""

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import link, notice, page_url, source, tag
from portal.done_notice import draw_done
from portal.duty.duty_page import end_signed_out
from portal.form_action import do_or_tell, finish, seen_version
from portal.form_problems import FormProblems
from portal.language import _, current
from portal.option_labels import distinct
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import visit
from stations.answers.desk_rules import ESCALATION_RULE_COLUMNS, TEMPLATE_COLUMNS, TEMPLATE_PAGE_COLUMNS
from stations.database import reading
from stations.duty.roles import Action, whole_province
from stations.language import label
from stations.requests.escalation import MOST_DAYS, Level, change_rules, list_rules
from stations.requests.moves import NOTE_LIMIT, TemplateUse
from stations.requests.reply_templates import PLACES, TITLE_LIMIT, list_templates, save_template

NEW = ""

present = visit()
st.title(_("Templates and escalation"))
st.html(Markup('<p class="back">{}</p>').format(link(page_url("desk"), _("Work desk"))))
if present.actor is None or not present.actor.may_somewhere(Action.EDIT_TEMPLATES):
    end_signed_out(_("For the province’s administrators."), "/desk_rules")
draw_done()
may = present.actor.may(Action.EDIT_TEMPLATES, whole_province())
if not may:
    notice(_("These hold for real requests too, so an invented person only looks at them."), "sample")


def draw_templates() -> None:
    """Draw the list of templates, and the form to change or add one."""
    st.header(_("Reply templates"))
    with reading(engine()) as session:
        templates = {one.code: one for one in list_templates(session)}
    draw_answer(
        TEMPLATE_PAGE_COLUMNS,
        templates.values(),
        caption=_("Templates that stewards answer with"),
        drawn={"active": lambda one: tag(_("on offer"), "good") if one.active else tag(_("out of use"))},
        headed={"active": _("State")},
        saved=TEMPLATE_COLUMNS,
        stacks=True,
        file="reply-templates",
    )
    if not may:
        return
    titles = distinct({NEW: _("A new one"), **{code: one.title for code, one in templates.items()}})
    code = st.selectbox(
        _("Template to change"),
        list(titles),
        format_func=titles.__getitem__,
        key="template_code",
    )
    kept = templates.get(code)
    with st.form(f"template_{code}", border=True):
        fields = {
            "code": _("Short name"),
            "use": _("For"),
            "title": _("Title"),
            "text": _("Text"),
            "text_en": _("English text"),
        }
        problems = FormProblems(fields)
        mark_required(
            "template_new_code", f"template_{code}_use", f"template_{code}_title", f"template_{code}_text"
        )
        new_code = code or st.text_input(
            fields["code"], max_chars=40, placeholder="send-sample", key="template_new_code"
        )
        use = st.selectbox(
            fields["use"],
            [*TemplateUse],
            index=list(TemplateUse).index(kept.use) if kept else 0,
            format_func=lambda one: label(current(), one),
            key=f"template_{code}_use",
        )
        title = st.text_input(
            fields["title"], value=kept.title if kept else "", max_chars=TITLE_LIMIT, key=f"template_{code}_title"
        )
        text = st.text_area(
            fields["text"], value=kept.text if kept else "", max_chars=NOTE_LIMIT, key=f"template_{code}_text"
        )
        text_en = st.text_area(
            fields["text_en"],
            value=kept.text_en if kept else "",
            max_chars=NOTE_LIMIT,
            help=_("Used where the firm filed in English; left empty, such a firm gets the Chinese text too."),
            key=f"template_{code}_text_en",
        )
        places = Markup(" · ").join(
            Markup("<code>{}</code> {}").format(f"{{{name}}}", _(what)) for name, what in PLACES.items()
        )
        source(Markup("{} {}").format(_("These are filled in for each request:"), places))
        active = st.checkbox(_("On offer"), value=kept.active if kept else True, key=f"template_{code}_active")
        version = seen_version(f"template_{code}", kept.version if kept else 0)
        if st.form_submit_button(_("Keep the template"), type="primary"):
            kept_now = do_or_tell(
                lambda session: save_template(
                    session,
                    visit().actor,
                    new_code,
                    use=use,
                    title=title,
                    text=text,
                    text_en=text_en,
                    active=active,
                    version=version,
                    now=visit().now,
                ),
                problems,
                f"template_{code}",
            )
            if kept_now:
                finish(_("The template is kept."))


def draw_escalation() -> None:
    """Draw the number of working days after which each level is notified."""
    st.header(_("Escalation of overdue requests"))
    with reading(engine()) as session:
        rules = list_rules(session)
    if not may:
        draw_answer(
            ESCALATION_RULE_COLUMNS,
            rules,
            caption=_("Rules in force"),
            drawn={"after_days": lambda rule: str(rule.after_days) if rule.active else "—"},
            numbers={"after_days"},
        )
        return
    with st.form("escalation", border=True):
        problems = FormProblems({"after_days": _("Working days after the deadline")})
        st.html(
            Markup("<p>{}</p>").format(
                _("Working days after the deadline until a level is told; left empty, it is never told.")
            )
        )
        given: dict[Level, int | None] = {}
        for column, rule in zip(st.columns(len(rules)), rules, strict=True):
            given[rule.level] = column.number_input(
                label(current(), rule.level),
                min_value=1,
                max_value=MOST_DAYS,
                step=1,
                value=rule.after_days if rule.active else None,
                key=f"after_days_{rule.level}",
            )
        if st.form_submit_button(_("Keep the rules"), type="primary") and do_or_tell(
            lambda session: change_rules(session, visit().actor, given, now=visit().now), problems
        ):
            finish(_("The rules are kept."))
    source(
        _(
            "Each level is told once of each deadline, by notice to the address it left and in its queue. "
            "The numbers are this portal's own; no standard at hand sets them."
        )
    )


draw_templates()
draw_escalation()
