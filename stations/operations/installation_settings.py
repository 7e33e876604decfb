"""What the settings of an installation are, and where each value comes from: the environment, or its default.

Settings are changed on the server, in the environment of the process, never from a page; so whoever may look at them
cannot turn the portal against its visitors. Secrets are never shown.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from stations.duty.roles import Action, Actor, require, whole_province
from stations.language import N_, LabelledEnum

_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")
_KEY = re.compile(r"([?&][^=&]*(?:key|tk|token|secret|pass|sign)[^=&]*=)[^&]+", re.IGNORECASE)
HIDDEN = "•••"


class Subject(LabelledEnum):
    """What a setting is about."""

    NOTICES = "notices", N_("Sending notices")
    SIGN_IN = "sign_in", N_("Signing in")
    MAP = "map", N_("Map and places")
    SERVICE = "service", N_("Portal and records")


class Origin(LabelledEnum):
    """Where the value of a setting comes from."""

    ENVIRONMENT = "environment", N_("environment of the server")
    DEFAULT = "default", N_("default")


@dataclass(frozen=True)
class Setting:
    """A setting: its variable, what it is, its default in words ("" where nothing is set), whether it is a secret."""

    name: str
    subject: Subject
    title: str
    default: str = ""
    secret: bool = False


@dataclass(frozen=True)
class ShownSetting:
    """A setting as it may be shown. ``value``: None where nothing is set; ``masked``: it is a secret, not shown."""

    setting: Setting
    value: str | None
    origin: Origin
    masked: bool = False


SETTINGS: tuple[Setting, ...] = (
    Setting("SMTP_URL", Subject.NOTICES, N_("Mail server")),
    Setting("SMTP_FROM", Subject.NOTICES, N_("Sender of mail")),
    Setting("SMS_GATEWAY_URL", Subject.NOTICES, N_("Gateway of text messages")),
    Setting("SMS_GATEWAY_TOKEN", Subject.NOTICES, N_("Token of that gateway"), secret=True),
    Setting("WEBHOOK_SECRET", Subject.NOTICES, N_("Secret of call-backs"), secret=True),
    Setting("WEBHOOK_NETWORKS", Subject.NOTICES, N_("Private networks that call-backs may reach")),
    Setting("OPERATOR_NOTICES", Subject.NOTICES, N_("Where the operator is told")),
    Setting("DELIVER_NOTICES", Subject.NOTICES, N_("The portal sends notices itself"), "1"),
    Setting("PUBLIC_URL", Subject.NOTICES, N_("Address of the portal in messages")),
    Setting("SECOND_FACTOR", Subject.SIGN_IN, N_("Who must have a second factor"), "off"),
    Setting("SECOND_FACTOR_KEY", Subject.SIGN_IN, N_("Key of the secrets of second factors"), secret=True),
    Setting("OIDC_ISSUER", Subject.SIGN_IN, N_("Identity provider")),
    Setting("OIDC_CLIENT_ID", Subject.SIGN_IN, N_("How it knows this portal")),
    Setting("OIDC_CLIENT_SECRET", Subject.SIGN_IN, N_("Secret of this portal there"), secret=True),
    Setting("OIDC_NAME", Subject.SIGN_IN, N_("Name on the button")),
    Setting("OIDC_USERNAME_CLAIM", Subject.SIGN_IN, N_("Claim trusted to hold the user name")),
    Setting("ALLOWED_HOSTS", Subject.SIGN_IN, N_("Names by which the server is called")),
    Setting("HSTS", Subject.SIGN_IN, N_("What browsers remember of TLS"), "max-age=31536000"),
    Setting("BASEMAP", Subject.MAP, N_("Base map"), "none"),
    Setting("BASEMAP_URL", Subject.MAP, N_("Own copy of the tiles")),
    Setting("TIANDITU_KEY", Subject.MAP, N_("Key of Tianditu"), secret=True),
    Setting("MAP_REVIEW_NUMBER", Subject.MAP, N_("Map review number")),
    Setting("GEOCODER", Subject.MAP, N_("Who is asked where an address is"), "none"),
    Setting("GEOCODER_KEY", Subject.MAP, N_("Key of that service"), secret=True),
    Setting("GEOCODER_URL", Subject.MAP, N_("Own gateway to it")),
    Setting("PROVINCE", Subject.SERVICE, N_("Province that is served")),
    Setting("SAMPLE", Subject.SERVICE, N_("Sample records are shown"), "1"),
    Setting("CLOCK", Subject.SERVICE, N_("Clock set by hand")),
    Setting("REQUESTS_PER_NETWORK", Subject.SERVICE, N_("Requests that one network may file in a day")),
    Setting("OPEN311_FILING", Subject.SERVICE, N_("Who may file by Open311"), "open"),
    Setting("OPEN311_REQUESTS", Subject.SERVICE, N_("Requests that Open311 lists without their code"), "own"),
    Setting("API_RATE", Subject.SERVICE, N_("How often one network may ask the interfaces"), "3000/minute"),
    Setting("API_COSTLY_RATE", Subject.SERVICE, N_("How often it may ask what takes long"), "120/minute"),
    Setting("DATA_LICENCE", Subject.SERVICE, N_("Licence of the open data")),
    Setting("EMBED_ORIGINS", Subject.SERVICE, N_("Sites that may show the small pages")),
    Setting("ESCALATE", Subject.SERVICE, N_("The portal escalates overdue requests itself"), "1"),
    Setting("CHECK_COVERAGE", Subject.SERVICE, N_("The portal raises coverage alerts itself"), "1"),
    Setting("ERASE", Subject.SERVICE, N_("The portal erases requests whose time is over"), "1"),
    Setting("BACKUP_FOLDER", Subject.SERVICE, N_("Folder of the daily backup")),
)


def shown_settings(environment: Mapping[str, str] = os.environ) -> list[ShownSetting]:
    """Return every setting as it may be shown."""
    return [_shown(setting, environment.get(setting.name, "").strip()) for setting in SETTINGS]


def settings_for(actor: Actor | None, environment: Mapping[str, str] = os.environ) -> list[ShownSetting]:
    """Return ``shown_settings`` for a person.

    Raises:
        NotAllowed: it is outside the actor's duty.
    """
    require(actor, Action.SEE_OPERATIONS, whole_province())
    return shown_settings(environment)


def _shown(setting: Setting, written: str) -> ShownSetting:
    if not written:
        return ShownSetting(setting, setting.default or None, Origin.DEFAULT)
    if setting.secret:
        return ShownSetting(setting, None, Origin.ENVIRONMENT, masked=True)
    return ShownSetting(setting, _without_secrets(written), Origin.ENVIRONMENT)


def _without_secrets(written: str) -> str:
    """Return an address without the password and the keys in it."""
    return _KEY.sub(rf"\1{HIDDEN}", _PASSWORD.sub(rf"\1:{HIDDEN}@", written))
