"""Package installation: uv's variables from pip's configuration, and the lines of the lock file for pip."""

from tools.packages import lines_of, uv_variables

LISTED = """\
global.cert='/etc/ssl/company.pem'
global.find-links='/wheels\\n/more'
global.index-url='https://mirror.example/simple'
global.disable-pip-version-check='1'
:env:.index-url='https://nearer.example/simple'
"""

LOCK = """\
# made by make lock
uvicorn==0.34 \\
    --hash=sha256:aa
uv==0.13.9 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via stillroom (pyproject.toml:dev)
uvloop==0.21 ; sys_platform != 'win32' \\
    --hash=sha256:dd
"""


def test_uv_uses_the_index_configured_for_pip() -> None:
    assert uv_variables(LISTED) == {
        "SSL_CERT_FILE": "/etc/ssl/company.pem",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_DEFAULT_INDEX": "https://nearer.example/simple",
    }


def test_pip_installs_only_the_pinned_uv() -> None:
    assert [line.split()[0] for line in lines_of("uv", LOCK)] == [
        "uv==0.13.9",
        "--hash=sha256:bb",
        "--hash=sha256:cc",
        "#",
    ]
