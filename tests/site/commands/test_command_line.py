"""The command line's manners: JSON everywhere, errors on stderr with a way out, never a traceback."""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError

from qingqu.engines import statutes
from qingqu.site import cli
from qingqu.site.commands import server
from tests.site.commands import installation

DJANGO = {"manage"}
"""Subcommands whose arguments are another program's."""


def subcommands(parser: argparse.ArgumentParser, name: str = "qingqu") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every subcommand that does something, by its whole name."""
    inner = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield name, parser
    for action in inner:
        for word, below in action.choices.items():
            yield from subcommands(below, f"{name} {word}")


class TestEverySubcommand:
    def test_takes_json(self) -> None:
        found = dict(subcommands(cli.parser()))
        assert {"qingqu backup", "qingqu restore", "qingqu demo", "qingqu statutes due"} <= set(found)
        without = {name for name, parser in found.items() if "--json" not in parser._option_string_actions} - {
            f"qingqu {name}" for name in DJANGO
        }
        assert without == set()

    def test_says_what_it_does(self) -> None:
        help_text = cli.parser().format_help()
        for name, _parser in subcommands(cli.parser()):
            assert name.split()[1] in help_text


class TestErrors:
    def run(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
        code = cli.main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("statutes", "due", "XX-1", "--start", "2026-09-24"), "请核对编号"),
            (("statutes", "due", "WB-15", "--start", "2026-12-21"), "公布后请更新工作日历"),
            (("statutes", "due", "WB-15", "--start", "1999-12-21"), "请核对起算日"),
            (("statutes", "due", "XF-04", "--start", "9999-12-30"), "请核对"),
            (("statutes", "due", "WB-01", "--start", "2026-09-24"), "没有规定单一期限"),
            (("statutes", "show", "PR-18", "--on", "2015-02-28"), "没有可引用的版本"),
            (("audit", "run", "--mart", "/absent"), "没有这个目录"),
            (("restore", "/absent.zip"), "没有这个文件"),
        ],
    )
    def test_go_to_stderr_and_say_what_to_do(
        self, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
    ) -> None:
        for given in (arguments, (*arguments, "--json")):
            code, out, err = self.run(capsys, *given)
            assert (code, out) == (1, "")
            assert said in err
            assert "Traceback" not in err

    def test_a_day_that_is_none_is_answered_with_how_to_write_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as left:
            cli.main(["statutes", "due", "WB-15", "--start", "24.9.2026"])
        assert left.value.code == 2
        assert "请写成 2026-09-24" in capsys.readouterr().err

    def test_a_database_without_tables_is_answered_with_the_command_that_makes_them(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_options: object) -> int:
            raise OperationalError("no such table: org_unit")

        monkeypatch.setattr("qingqu.site.commands.ask.run", broken)
        code, out, err = self.run(capsys, "ask", "什么")
        assert (code, out) == (1, "")
        assert "no such table" in err
        assert "qingqu manage migrate" in err

    def test_a_settings_variable_that_cannot_be_used_is_named(self, tmp_path: Path) -> None:
        done = installation.run("ask", home=tmp_path, database="mysql://nowhere")
        assert done.returncode == 1
        assert "QINGQU_DATABASE_URL" in done.stderr
        assert "Traceback" not in done.stderr

    def test_an_interruption_ends_quietly(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(_options: object) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr("qingqu.site.commands.ask.run", interrupted)
        assert self.run(capsys, "ask") == (130, "", "")


class TestReaderThatLeaves:
    @pytest.mark.parametrize(
        ("arguments", "unbuffered"),
        [("statutes show WB-15", "1"), ("audit indicators --json", ""), ("manage help", "")],
    )
    def test_ends_the_command_quietly_with_the_code_a_shell_expects(self, arguments: str, unbuffered: str) -> None:
        program = "import sys; from qingqu.site.cli import main; sys.exit(main())"
        running = subprocess.Popen(
            [sys.executable, "-c", program, *arguments.split()],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
        assert running.stdout is not None
        running.stdout.close()
        said = running.communicate()[1]
        assert (running.returncode, said) == (128 + signal.SIGPIPE, "")

    def test_is_not_blamed_for_a_pipe_that_broke_elsewhere(
        self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        def broken(_given: list[str]) -> int:
            raise BrokenPipeError

        monkeypatch.setattr(cli, "_run", broken)
        with pytest.raises(BrokenPipeError), capfd.disabled():
            cli.main(["worker"])


class TestStatutes:
    def test_due_prints_the_date_of_the_reference_and_why(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["statutes", "due", "WB-15", "--start", "2026-09-24", "--json"]) == 0
        printed = json.loads(capsys.readouterr().out)
        assert printed["due_on"] == "2026-10-22"
        assert [step["step"] for step in printed["why"]] == ["START", "RULE", "SKIPPED", "MADE_UP", "DUE"]

    def test_due_says_why_in_sentences(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["statutes", "due", "WB-15", "--start", "2026-09-24"]) == 0
        assert "到期日：2026-10-22；次日起为逾期。" in capsys.readouterr().out

    def test_due_counts_by_the_rule_of_the_day_of_the_act_or_of_the_day_asked_for(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cli.main(["statutes", "due", "FI-01", "--start", "2025-05-30", "--json"])
        assert json.loads(capsys.readouterr().out)["citation"] == "按规定"
        cli.main(["statutes", "due", "FI-01", "--start", "2025-05-30", "--on", "2025-06-01", "--json"])
        assert "第9条" in json.loads(capsys.readouterr().out)["citation"]

    def test_show_claims_no_article_that_was_not_checked(self, capsys: pytest.CaptureFixture[str]) -> None:
        for rule in statutes.rules():
            cli.main(["statutes", "show", rule.id, "--json"])
            printed = json.loads(capsys.readouterr().out)
            if rule.status in {"V2w", "U"}:
                assert printed["citation"] == "按规定"
                assert not {"doc", "article"} & set(printed)


class TestServe:
    def test_says_its_address_before_it_serves(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        served: list[object] = []
        monkeypatch.setattr(server, "run", lambda **said: served.append(said) or 0)
        assert cli.main(["serve", "--port", "8123", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"address": "http://127.0.0.1:8123", "workers": 1}
        assert served == [{"host": "127.0.0.1", "port": 8123, "workers": 1}]
