"""The shell: what every page of the project may rely on."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from markupsafe import Markup

import allocator.outputs.report
from allocator.outputs.report import page
from allocator.outputs.report.shell import asset, script_json
from tests.outputs.report.plans import data_of

PACKAGE = Path(allocator.outputs.report.__file__).parent
ASSETS = sorted(path.name for path in (PACKAGE / "assets").iterdir())
VENDORED = sorted(path.name for path in (PACKAGE / "vendor").glob("*.js"))


def test_a_body_of_plain_text_is_escaped_and_markup_is_not() -> None:
    content = page("表題 <1>", Markup("<p>本文</p>"), lead="<b>").decode()
    assert "<title>表題 &lt;1&gt;</title>" in content
    assert "<p>本文</p>" in content
    assert "&lt;b&gt;" in content
    escaped = page("表題", "<p>本文</p>")  # type: ignore[arg-type]
    assert b"&lt;p&gt;" in escaped


def test_a_page_without_scripts_allows_none() -> None:
    content = page("監査", Markup("<p>本文</p>"), links=[("a", "所見")]).decode()
    assert "script-src &#39;none&#39;" in content
    assert "<script" not in content
    assert '<a href="#a">所見</a>' in content
    assert "使用許諾" not in content


@pytest.mark.parametrize(
    ("language", "skip"), [("ja", "本文へ移動"), ("en", "Skip to the content")]
)
def test_the_language_is_the_page_s(language: str, skip: str) -> None:
    content = page("x", Markup(""), language=language).decode()  # type: ignore[arg-type]
    assert f'<html lang="{language}">' in content
    assert skip in content


def test_every_script_and_the_style_are_named_by_their_hash() -> None:
    content = page("x", Markup(""), scripts=["assets/common.js"], data={"a": 1}).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', content)
    assert policy is not None
    for element in re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", content, re.DOTALL):
        digest = base64.b64encode(hashlib.sha256(element.encode()).digest()).decode()
        assert f"sha256-{digest}" in policy[1]
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]


@pytest.mark.parametrize(
    "value", ["</script><script>x()</script>", "<!--", "]]>", "\u2028\u2029", "&lt;", '"\\']
)
def test_data_come_back_as_they_were_and_cannot_end_their_element(value: str) -> None:
    assert "<" not in script_json({"a": value})
    assert data_of(page("x", Markup(""), data={"a": value, value: 1})) == {"a": value, value: 1}


@pytest.mark.parametrize(
    "name", [*(f"assets/{name}" for name in ASSETS), *(f"vendor/{name}" for name in VENDORED)]
)
def test_no_embedded_file_points_to_another(name: str) -> None:
    text = asset(name)
    assert "sourceMappingURL" not in text
    assert not re.search(r"url\(\s*['\"]?(?!data:)", text) or name.endswith(".min.js")
    assert "@import" not in text


def test_the_licences_of_the_libraries_are_kept_in_the_page() -> None:
    plain = page("x", Markup(""), scripts=["vendor/vega.min.js"]).decode()
    for owner in ("University of Washington Interactive Data Lab", "Mike Bostock", "Mapbox"):
        assert owner in plain


def test_the_vendored_versions_are_those_that_the_licences_name() -> None:
    licences = (PACKAGE / "vendor" / "LICENSES.txt").read_text(encoding="utf-8")
    vega = re.search(r"vega (\d+\.\d+\.\d+)", licences)
    lite = re.search(r"vega-lite (\d+\.\d+\.\d+)", licences)
    assert vega is not None
    assert lite is not None
    assert f'version="{vega[1]}"' in asset("vendor/vega.min.js")
    assert f'"{lite[1]}"' in asset("vendor/vega-lite.min.js")
