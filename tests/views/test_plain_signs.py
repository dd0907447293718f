from __future__ import annotations

import io

import pytest

from okr.views.plain_signs import HANDLER, plain_sign


@pytest.mark.parametrize(
    ("encoding", "text", "written"),
    [
        ("ascii", "██▌│░░ 0.40", "###|-- 0.40"),
        ("ascii", "✓ ● ▲ ▼ ○ …", "+ * ^ v o ~"),
        ("ascii", "a · b → c – d", "a : b > c - d"),
        ("latin-1", "é · █ → “x”", 'é · # > "x"'),
        ("ascii", "Équipe à 61\u202f000 \u65e5", "Equipe a 61 000 ?"),
        ("ascii", "└─┴─┤⣀⠉◆┊", "+-+-|..x!"),
    ],
    ids=["bar", "statuses", "words", "latin-1", "letters", "chart"],
)
def test_what_is_written(encoding: str, text: str, written: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors=HANDLER)
    stream.write(text)
    stream.flush()
    assert raw.getvalue().decode(encoding) == written
    assert len(written) == len(text)


def test_only_writing_is_helped() -> None:
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", errors=HANDLER)


def test_everything_has_a_sign() -> None:
    assert {len(plain_sign(chr(code))) for code in range(0x80, 0x3000)} == {1}
