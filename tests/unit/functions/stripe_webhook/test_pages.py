"""The pages a payer may see: nothing said in them is taken for markup, and nobody keeps them."""

import base64
import hashlib

from functions.stripe_webhook.pages import PAGE, STYLE, page, redirect


def test_words_and_addresses_are_escaped() -> None:
    reply = page(
        200, "<b>Hi</b>", "Fish & <script>", link=('https://x.test/"><script>', "a <i>link</i>")
    )
    assert "<script" not in reply.body and "<b>" not in reply.body and "<i>" not in reply.body
    assert "Fish &amp; &lt;script&gt;" in reply.body
    assert 'href="https://x.test/&quot;&gt;&lt;script&gt;"' in reply.body


def test_the_policy_lets_in_this_style_alone() -> None:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in PAGE["Content-Security-Policy"]
    assert f"<style>{STYLE}</style>" in page(200, "x").body


def test_a_page_says_when_to_try_again_only_where_it_should() -> None:
    assert page(503, "Later", retry_after_s=60).headers["Retry-After"] == "60"
    assert "Retry-After" not in page(200, "Now").headers


def test_a_redirect_is_a_303_that_nobody_keeps() -> None:
    reply = redirect("https://pay.test/1")
    assert (reply.status, reply.body) == (303, "")
    assert reply.headers["Location"] == "https://pay.test/1"
    assert (reply.headers["Cache-Control"], reply.headers["Referrer-Policy"]) == (
        "no-store",
        "no-referrer",
    )
