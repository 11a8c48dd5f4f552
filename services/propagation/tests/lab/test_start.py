import os
from pathlib import Path

import pytest

from porta.lab.start import CONFIG, ROUTE, Refused, dashboard_address, environment, read_token, start

TOKEN = "0123456789abcdef" * 3


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    return {"JUPYTER_TOKEN_FILE": str(tmp_path / "token"), "PORTA_DASHBOARD": "dask-scheduler:8787"}


def test_the_token_is_what_the_file_holds_without_the_line_end(env: dict[str, str]) -> None:
    assert read_token(env) == TOKEN


@pytest.mark.parametrize(
    ("text", "says"), [(None, "cannot be read"), ("", "holds 0 characters"), ("x" * 31, "at least 32")]
)
def test_without_a_token_that_protects_nothing_starts(env: dict[str, str], text: str | None, says: str) -> None:
    file = Path(env["JUPYTER_TOKEN_FILE"])
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    with pytest.raises(Refused, match=says):
        environment(env)
    with pytest.raises(Refused, match="JUPYTER_TOKEN_FILE is not set"):
        environment(env | {"JUPYTER_TOKEN_FILE": ""})


@pytest.mark.parametrize(
    "value", ["", "8787", ":8787", "host", "host:", "host:0", "host:65536", "host:8787/status", "host:٨"]
)
def test_a_dashboard_address_that_is_none_is_refused_by_name(env: dict[str, str], value: str) -> None:
    with pytest.raises(Refused, match="PORTA_DASHBOARD="):
        environment(env | {"PORTA_DASHBOARD": value})


def test_an_ipv6_address_is_one() -> None:
    assert dashboard_address({"PORTA_DASHBOARD": "[::1]:8787"}) == ("[::1]", 8787)


def test_a_clients_link_leads_through_jupyter_where_the_browser_cannot_reach_the_dashboard(env: dict[str, str]) -> None:
    assert environment(env)["DASK_DISTRIBUTED__DASHBOARD__LINK"] == f"/{ROUTE}/status"
    assert "DASK_DISTRIBUTED__DASHBOARD__LINK" not in environment(env | {"PORTA_DASHBOARD": "127.0.0.1:8787"})


def test_our_configuration_comes_before_a_users_own(env: dict[str, str]) -> None:
    assert environment(env)["JUPYTER_CONFIG_PATH"] == str(CONFIG)
    assert environment(env | {"JUPYTER_CONFIG_PATH": "/a"})["JUPYTER_CONFIG_PATH"] == f"{CONFIG}{os.pathsep}/a"


def test_a_terminal_has_a_shell_to_work_with(env: dict[str, str]) -> None:
    assert environment(env)["SHELL"] == "/bin/bash"
    assert "SHELL" not in environment(env | {"SHELL": "/bin/zsh"})


def test_a_folder_that_takes_no_examples_does_not_keep_jupyterlab_from_starting(
    env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    ran: list[str] = []
    monkeypatch.setattr(os, "execv", lambda _, command: ran.extend(command))
    monkeypatch.setattr(os, "environ", dict(os.environ))
    start(tmp_path, tmp_path / "none", ["--port=1"])
    assert "examples: not brought: there is no folder" in capsys.readouterr().err
    assert ran[1:] == ["-m", "jupyterlab", f"--ServerApp.root_dir={tmp_path}", "--port=1"]
    assert not any(TOKEN in argument for argument in ran)
