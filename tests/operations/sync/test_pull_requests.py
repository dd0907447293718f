"""Where to open a pull request, as far as a remote's address tells."""

from __future__ import annotations

import pytest

from okr.operations.sync.pull_requests import pull_request_url

GITHUB = "https://github.com/acme/goals/compare/main...okr/alice/main?expand=1"
GITLAB = (
    "https://gitlab.com/acme/deep/goals/-/merge_requests/new"
    "?merge_request%5Bsource_branch%5D=okr%2Falice%2Fmain&merge_request%5Btarget_branch%5D=main"
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://github.com/acme/goals.git", GITHUB),
        ("https://github.com/acme/goals", GITHUB),
        ("https://token@github.com/acme/goals.git/", GITHUB),
        ("git@github.com:acme/goals.git", GITHUB),
        ("ssh://git@github.com/acme/goals.git", GITHUB),
        ("ssh://git@ssh.github.com:443/acme/goals.git", GITHUB),
        ("https://GitHub.com/acme/goals", GITHUB),
        ("https://gitlab.com/acme/deep/goals.git", GITLAB),
        ("git@gitlab.com:acme/deep/goals.git", GITLAB),
        ("http://gitlab.acme.example:8080/a/b.git", GITLAB.replace(
            "https://gitlab.com/acme/deep/goals", "http://gitlab.acme.example:8080/a/b")),
        ("ssh://git@gitlab.acme.example:2222/a/b.git", GITLAB.replace(
            "gitlab.com/acme/deep/goals", "gitlab.acme.example/a/b")),
        ("https://git.acme.example/goals.git", None),
        ("/srv/github/goals.git", None),
        ("file:///srv/github.com/goals.git", None),
        ("git@host", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_page_to_open(address: str, expected: str | None) -> None:
    assert pull_request_url(address, "okr/alice/main", "main") == expected


def test_odd_names_are_quoted() -> None:
    assert pull_request_url("https://github.com/a/b c&d.git", "x", "main") is None
    assert pull_request_url("https://github.com/a/b&d", "o#1/ä", "m?n") == (
        "https://github.com/a/b%26d/compare/m%3Fn...o%231/%C3%A4?expand=1"
    )
