"""Single sign-on against a real provider: what it signs gets in, and nothing that is a little off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import OctKey, RSAKey
from playwright.sync_api import Page, expect

from portal.accounts.openid_connect import ProviderFailed, address_to_sign_in_at, exchange_code
from portal.identity_provider import ProviderSettings, read_provider
from stations.accounts.single_sign_on import Attempt
from stations.database import open_engine
from stations.duty.roles import Role
from stations.errors import InvalidInput
from stations.loading.setup import set_up
from tests.conftest import NOW
from tests.portal.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, ISSUED, IdentityProvider, running_provider
from tests.portal.browsing import settle
from tests.portal.conftest import Server, served
from tests.portal.people import PASSWORD, make_account

CALLBACK = "http://127.0.0.1:1/single-sign-on/callback"
ATTEMPT = Attempt("state", "nonce", "verifier-" * 6)


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with running_provider() as running:
        yield running


def settings_for(provider: IdentityProvider, **changes: str) -> ProviderSettings:
    return ProviderSettings(
        **{"issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET} | changes
    )


def code_from(provider: IdentityProvider) -> str:
    address = address_to_sign_in_at(settings_for(provider), ATTEMPT, CALLBACK)
    back = requests.get(address, allow_redirects=False, timeout=10).headers["location"]
    query = parse_qs(urlsplit(back).query)
    assert query["state"] == [ATTEMPT.state]
    return query["code"][0]


def exchange(provider: IdentityProvider, code: str, **changes: str):
    given = {"nonce": ATTEMPT.nonce, "code_verifier": ATTEMPT.code_verifier, "callback": CALLBACK}
    return exchange_code(
        settings_for(provider, username_claim="preferred_username"), code, **given | changes, now=NOW
    )


def test_who_the_provider_vouches_for_is_told(provider: IdentityProvider) -> None:
    vouched = exchange(provider, code_from(provider))
    assert (vouched.issuer, vouched.subject, vouched.username) == (provider.issuer, "10001", "wang")
    untrusted = exchange_code(
        settings_for(provider),
        code_from(provider),
        nonce=ATTEMPT.nonce,
        code_verifier=ATTEMPT.code_verifier,
        callback=CALLBACK,
        now=NOW,
    )
    assert untrusted.username is None and not untrusted.multi_factor
    provider.person = {"sub": "10001", "amr": ["pwd", "mfa"]}
    assert exchange(provider, code_from(provider)).multi_factor
    for amr in ("mfa", ["pwd"], None, [["mfa"]]):
        provider.person = {"sub": "10001", "amr": amr}
        assert not exchange(provider, code_from(provider)).multi_factor


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda claims: claims | {"iss": "https://other.example"}, id="another issuer"),
        pytest.param(lambda claims: claims | {"aud": "another-client"}, id="another client"),
        pytest.param(lambda claims: claims | {"aud": [CLIENT_ID, "x"]}, id="many clients, none named"),
        pytest.param(lambda claims: claims | {"azp": "x"}, id="issued to another client"),
        pytest.param(lambda claims: claims | {"exp": ISSUED - 3600}, id="run out"),
        pytest.param(lambda claims: claims | {"iat": ISSUED + 3600}, id="from the future"),
        pytest.param(lambda claims: claims | {"nonce": "another"}, id="for another attempt"),
        *[
            pytest.param(lambda claims, name=name: {k: v for k, v in claims.items() if k != name}, id=f"without {name}")
            for name in ("iss", "sub", "aud", "exp", "iat", "nonce")
        ],
    ],
)
def test_a_token_that_is_not_for_us_now_is_refused(provider: IdentityProvider, spoil: Callable) -> None:
    code = code_from(provider)
    provider.spoil = spoil
    with pytest.raises(ProviderFailed):
        exchange(provider, code)


def test_a_token_that_the_provider_did_not_sign_is_refused(provider: IdentityProvider) -> None:
    provider.signing_key = RSAKey.generate_key(2048, parameters={"kid": "one"})
    with pytest.raises(ProviderFailed):
        exchange(provider, code_from(provider))
    # A signature by a shared secret, which is not only the provider's to make.
    provider.signing_key, provider.algorithm = OctKey.import_key(CLIENT_SECRET.encode() * 2), "HS256"
    with pytest.raises(ProviderFailed):
        exchange(provider, code_from(provider))


@pytest.mark.parametrize(
    "keys", [{"jwks": []}, {"keys": {"kid": "one"}}, {"keys": ["one"]}, {"keys": [{"kid": "one"}]}]
)
def test_what_is_no_set_of_keys_is_told(provider: IdentityProvider, keys: dict[str, Any]) -> None:
    provider.told_keys = keys
    with pytest.raises(ProviderFailed):
        exchange(provider, code_from(provider))


def test_a_code_is_good_once_and_only_with_its_verifier(provider: IdentityProvider) -> None:
    with pytest.raises(ProviderFailed):
        exchange(provider, code_from(provider), code_verifier="another-" * 6)
    code = code_from(provider)
    assert exchange(provider, code)
    with pytest.raises(ProviderFailed):
        exchange(provider, code)


def test_a_provider_out_of_reach_or_of_another_name_is_told(provider: IdentityProvider) -> None:
    provider.told_issuer = "https://other.example"
    with pytest.raises(ProviderFailed):
        address_to_sign_in_at(settings_for(provider), ATTEMPT, CALLBACK)
    with pytest.raises(ProviderFailed, match="ConnectionError"):
        address_to_sign_in_at(settings_for(provider, issuer="http://127.0.0.1:1"), ATTEMPT, CALLBACK)


def test_the_settings_are_off_by_default_and_a_secret_is_never_printed() -> None:
    assert read_provider({}) is None
    read = read_provider(
        {"OIDC_ISSUER": "https://id.example/realm", "OIDC_CLIENT_ID": "x", "OIDC_CLIENT_SECRET": "hush"}
    )
    assert (read.issuer, read.client_secret) == ("https://id.example/realm", "hush")
    assert "hush" not in repr(read)


@pytest.mark.parametrize(
    ("environment", "field"),
    [
        ({"OIDC_ISSUER": "http://id.example", "OIDC_CLIENT_ID": "x"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "id.example", "OIDC_CLIENT_ID": "x"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://id.example?x=1", "OIDC_CLIENT_ID": "x"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID"),
    ],
)
def test_settings_that_cannot_work_are_told(environment: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_provider(environment)
    assert refused.value.field == field


@pytest.fixture(scope="module")
def shared_provider() -> Iterator[IdentityProvider]:
    with running_provider() as running:
        yield running


@pytest.fixture(scope="module")
def linked_portal(shared_provider: IdentityProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A portal that signs in through the provider and trusts its claim of user names."""
    folder: Path = tmp_path_factory.mktemp("single-sign-on")
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    engine = open_engine(url)
    set_up(engine, samples=False, now=NOW)
    engine.dispose()
    environment = {
        "DATABASE_URL": url,
        "SAMPLE": "0",
        "OIDC_ISSUER": shared_provider.issuer,
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME": "省统一身份认证",
        "OIDC_USERNAME_CLAIM": "preferred_username",
    }
    with served(["-m", "portal"], folder, **environment) as server:
        make_account(server, "wang", Role.COUNTY, "320583")
        make_account(server, "zhao", Role.COUNTY, "320585")
        yield server


@pytest.fixture(autouse=True)
def person_at_the_provider(request: pytest.FixtureRequest) -> None:
    if "shared_provider" in request.fixturenames:
        provider = request.getfixturevalue("shared_provider")
        provider.person, provider.refuses = {"sub": "10001", "preferred_username": "wang"}, False
        provider.spoil = lambda claims: claims


def test_a_browser_goes_to_the_provider_and_comes_back_signed_in(
    linked_portal: Server, shared_provider: IdentityProvider, page: Page
) -> None:
    page.goto(f"{linked_portal.url}/sign-in?next=/account")
    page.get_by_role("link", name="使用省统一身份认证登录").click()
    page.wait_for_url(f"{linked_portal.url}/account")
    settle(page)
    expect(page.get_by_text("统一身份认证，来自 127.0.0.1")).to_be_visible()
    page.reload()
    settle(page)
    expect(page.get_by_role("link", name="管家 wang")).to_be_visible()
    expect(page.get_by_role("link", name="绑定我在“省统一身份认证”的身份")).to_be_visible()
    cookie = next(one for one in page.context.cookies() if one["name"] == "session")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")


def test_who_has_no_account_here_is_not_let_in(linked_portal: Server, shared_provider: IdentityProvider) -> None:
    shared_provider.person = {"sub": "20002", "preferred_username": "stranger"}
    with requests.Session() as browser:
        answer = browser.get(f"{linked_portal.url}/single-sign-on", timeout=30)
        assert (answer.status_code, "20002" in answer.text) == (403, True)
        assert "session" not in browser.cookies


def test_a_refusal_of_the_provider_is_told(linked_portal: Server, shared_provider: IdentityProvider) -> None:
    shared_provider.refuses = True
    answer = requests.get(f"{linked_portal.url}/single-sign-on", headers={"accept-language": "zh"}, timeout=30)
    assert (answer.status_code, "未通过您的登录" in answer.text) == (403, True)


def test_coming_back_works_only_in_the_browser_that_went_and_only_once(
    linked_portal: Server, shared_provider: IdentityProvider
) -> None:
    with requests.Session() as browser, requests.Session() as other:
        away = browser.get(f"{linked_portal.url}/single-sign-on", allow_redirects=False, timeout=30)
        back = requests.get(away.headers["location"], allow_redirects=False, timeout=30).headers["location"]
        assert other.get(back, timeout=30).status_code == 403
        done = browser.get(back, allow_redirects=False, timeout=30)
        assert (done.status_code, done.headers["location"]) == (303, "/desk")
        browser.cookies.set("single_sign_on", parse_qs(urlsplit(back).query)["state"][0], path="/")
        assert browser.get(back, timeout=30).status_code == 403


def test_one_goes_on_to_a_page_of_ours_only(linked_portal: Server, shared_provider: IdentityProvider) -> None:
    for wanted, reached in (("/audit", "/audit"), ("https://evil.example/", "/desk"), ("//evil.example", "/desk")):
        with requests.Session() as browser:
            away = browser.get(
                f"{linked_portal.url}/single-sign-on", params={"next": wanted}, allow_redirects=False, timeout=30
            )
            back = requests.get(away.headers["location"], allow_redirects=False, timeout=30).headers["location"]
            assert browser.get(back, allow_redirects=False, timeout=30).headers["location"] == reached


def test_linking_is_asked_for_by_our_own_page_only(linked_portal: Server, shared_provider: IdentityProvider) -> None:
    shared_provider.person = {"sub": "30003"}
    with requests.Session() as browser:
        signed = browser.post(
            f"{linked_portal.url}/sign-in",
            data={"username": "zhao", "password": PASSWORD},
            headers={"origin": linked_portal.url},
            allow_redirects=False,
            timeout=30,
        )
        assert signed.status_code == 303
        link, proof = f"{linked_portal.url}/single-sign-on/link", {"password": PASSWORD}
        for foreign in ({}, {"referer": "https://evil.example/"}):
            assert browser.post(link, data=proof, headers=foreign, timeout=30).status_code == 403
        own = {"referer": f"{linked_portal.url}/account"}
        assert 'name="password"' in browser.get(link, headers=own, timeout=30).text
        for wrong in ({}, {"password": "a guess"}):
            refused = browser.post(link, data=wrong, headers=own, timeout=30)
            assert refused.status_code == 401 and shared_provider.issuer not in refused.text
        asked = browser.post(link, data=proof, headers=own, timeout=30)
        away = re.search(r'class="button" href="([^"]+)"', asked.text)
        assert asked.status_code == 200 and away
        back = requests.get(unescape(away[1]), allow_redirects=False, timeout=30).headers["location"]
        assert browser.get(back, allow_redirects=False, timeout=30).headers["location"] == "/account"
    with requests.Session() as browser:  # and now the identity gets in by itself
        browser.get(f"{linked_portal.url}/single-sign-on", allow_redirects=False, timeout=30)
        entered = browser.get(f"{linked_portal.url}/single-sign-on", timeout=60)
        assert entered.url == f"{linked_portal.url}/desk" and "session" in browser.cookies


def test_without_a_provider_there_is_no_such_address(portal_server: Server) -> None:
    assert requests.get(f"{portal_server.url}/single-sign-on", timeout=30).status_code == 404
    assert "/single-sign-on" not in requests.get(f"{portal_server.url}/sign-in", timeout=30).text
