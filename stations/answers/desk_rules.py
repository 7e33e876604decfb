"""The province's rules for the work desk: reply templates, and when which level is told of an overdue request."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.language import N_
from stations.requests.escalation import EscalationRule
from stations.requests.reply_templates import ReplyTemplate

TEMPLATES: Columns[ReplyTemplate] = Columns(
    Column("code", lambda one: one.code, N_("Short name")),
    Column("title", lambda one: one.title, N_("Title")),
    Column("use", lambda one: one.use, N_("For")),
    Column("text", lambda one: one.text, N_("Text")),
    Column("text_en", lambda one: one.text_en, N_("English text")),
    Column("active", lambda one: one.active, N_("On offer")),
)
TEMPLATE_COLUMNS = TEMPLATES.take("code", "title", "use", "text", "text_en", "active")
TEMPLATE_PAGE_COLUMNS = TEMPLATES.take("title", "use", "text", "text_en", "active")
"""The table of templates on the page; a file has their short names too."""

ESCALATION_RULES: Columns[EscalationRule] = Columns(
    Column("level", lambda rule: rule.level, N_("Level")),
    Column("after_days", lambda rule: rule.after_days if rule.active else None, N_("Working days after the deadline")),
    Column("active", lambda rule: rule.active),
)
ESCALATION_RULE_COLUMNS = ESCALATION_RULES.take("level", "after_days")
"""The table of escalation rules; a level that is never told has no days."""
