"""``qingqu draw`` from the roster to a parent's replay, without a server and without a database."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from qingqu.engines import draw
from qingqu.site.cli import main, parser
from tests.engines.draw.rosters import PARTIES, content

ROOT = Path(__file__).resolve().parents[3]
DICE = "骰子=35162442631553126415"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.json"
    path.write_text(json.dumps(content(), ensure_ascii=False), encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    """What a command prints as JSON; fails with its errors when it does not succeed."""
    code = main(["draw", *map(str, arguments), "--json"])
    said = capsys.readouterr()
    assert code == 0, said.err
    return json.loads(said.out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a command that fails says on stderr."""
    code = main(["draw", *map(str, arguments)])
    said = capsys.readouterr()
    assert code == 1
    assert said.out == ""
    return said.err


def ceremony(capsys: pytest.CaptureFixture[str], folder: Path) -> Path:
    """All commit, the last one does not reveal; one school is recused."""
    gathered: dict[str, Any] = {"commitments": {}, "reveals": {}}
    for name in PARTIES:
        secret = folder / f"{name}.json"
        gathered["commitments"][name] = asked(capsys, "commit", f"{name}祝抽签公平", "--out", secret)["commitment"]
        gathered["reveals"][name] = json.loads(secret.read_bytes())
    del gathered["reveals"]["家长代表"]
    gathered["recusals"] = [{"stratum": "高风险", "id": "S001", "reason": "督查组长的亲属在该校任职"}]
    path = folder / "inputs.json"
    path.write_text(json.dumps(gathered, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.fixture
def bundle(roster: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    inputs, path = ceremony(capsys, roster.parent), roster.parent / "bundle.json"
    asked(capsys, "run", roster, "--inputs", inputs, "--public", DICE, "--out", path)
    return path


class TestFreeze:
    def test_prints_the_digest_to_publish(self, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = roster.parent / "frozen.json"

        assert asked(capsys, "freeze", roster, "--out", out)["roster_sha256"] == draw.freeze(content()).digest
        assert draw.read_roster(json.loads(out.read_bytes())) == draw.freeze(content())

    def test_says_where_a_roster_is_wrong(self, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
        roster.write_text(json.dumps(content(quotas={"高风险": 9, "Ａ类": 1})), encoding="utf-8")

        assert refused(capsys, "freeze", roster).startswith("DRAW_TOO_MANY: roster.quotas.高风险：")


class TestCommit:
    def test_keeps_a_secret_that_opens_the_commitment(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = tmp_path / "secret.json"
        committed = asked(capsys, "commit", "愿公平", "--out", out)["commitment"]
        reveal = draw.read_reveal(json.loads(out.read_bytes()), "reveal")

        draw.verify_reveal(bytes.fromhex(committed), reveal.contribution, reveal.nonce)
        assert out.stat().st_mode & 0o077 == 0

    def test_never_writes_over_a_secret(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = tmp_path / "secret.json"
        asked(capsys, "commit", "愿公平", "--out", out)

        assert "secret.json" in refused(capsys, "commit", "愿公平", "--out", out)


class TestRun:
    def test_draws_and_names_who_did_not_reveal(self, bundle: Path) -> None:
        result = draw.read_bundle(bundle.read_bytes()).result

        assert result["missing"] == ["家长代表"]
        assert result["strata"]["高风险"]["skipped"] == ["S001"]

    def test_prints_the_draw_for_people(self, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
        inputs = ceremony(capsys, roster.parent)

        assert main(["draw", "run", str(roster), "--inputs", str(inputs), "--public", DICE]) == 0
        said = capsys.readouterr().out
        assert "未揭示 / did not reveal: 家长代表" in said
        assert "【高风险】回避 / recused: S001" in said

    def test_never_writes_over_a_bundle(self, roster: Path, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = bundle.read_bytes()
        inputs = roster.parent / "inputs.json"

        assert "bundle.json" in refused(
            capsys, "run", roster, "--inputs", inputs, "--public", DICE.replace("3", "4"), "--out", bundle
        )
        assert bundle.read_bytes() == before

    def test_refuses_without_the_public_source(self, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
        inputs = ceremony(capsys, roster.parent)

        assert refused(capsys, "run", roster, "--inputs", inputs).startswith("DRAW_BAD_SOURCE_VALUE: public.骰子：")

    @pytest.mark.parametrize("given", ["骰子", "骰子=7", "硬币=1"])
    def test_refuses_a_value_it_cannot_place(
        self, given: str, roster: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert refused(capsys, "run", roster, "--public", given).startswith("DRAW_")

    def test_says_that_a_file_is_not_there(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "none.json" in refused(capsys, "run", tmp_path / "none.json")


class TestReplay:
    def test_finds_the_same(self, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        digest = draw.freeze(content()).digest

        assert asked(capsys, "replay", bundle, "--roster-sha256", digest)["verdict"] == "SAME"

    def test_names_what_was_exchanged(self, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        published = json.loads(bundle.read_bytes())
        published["result"]["strata"]["高风险"]["chosen"][0] = "S001"
        bundle.write_text(json.dumps(published, ensure_ascii=False), encoding="utf-8")

        said = refused(capsys, "replay", bundle)
        assert said.startswith("RESULT_DIFFERS")
        assert "result.strata.高风险.chosen[0]: S001 → " in said

    def test_notices_another_roster_than_was_published(self, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert refused(capsys, "replay", bundle, "--roster-sha256", "0" * 64).startswith("ROSTER_DIFFERS")

    def test_refuses_half_a_digest(self, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert "--roster-sha256" in refused(capsys, "replay", bundle, "--roster-sha256", "00")


class TestTicket:
    def test_gives_everybody_their_place(self, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        made = draw.read_bundle(bundle.read_bytes())
        found = [asked(capsys, "ticket", bundle, entry) for entry in made.roster.strata["高风险"]]

        assert sorted(each["place"] for each in found) == [1, 2, 3, 4]
        assert {each["entry_id"] for each in found if each["outcome"] == "CHOSEN"} == set(
            made.result["strata"]["高风险"]["chosen"]
        )
        assert [each["outcome"] for each in found if each["entry_id"] == "S001"] == ["RECUSED"]

    def test_refuses_somebody_who_is_not_on_the_list(self, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert refused(capsys, "ticket", bundle, "S999").startswith("DRAW_UNKNOWN_ENTRY")

    def test_is_not_given_from_a_changed_bundle(self, bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
        bundle.write_bytes(bundle.read_bytes().replace(b'"missing": [\n', b'"missing": [\n"x",'))

        assert "qingqu draw replay" in refused(capsys, "ticket", bundle, "S002")


class TestScripts:
    def test_are_laid_beside_a_bundle(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        kept = asked(capsys, "scripts", tmp_path / "public")["scripts"]

        assert [Path(each).read_bytes() for each in kept] == [draw.script("replay.py"), draw.script("replay.mjs")]


class TestTheGuide:
    def test_starts_from_a_roster_that_can_be_frozen_and_drawn(self, capsys: pytest.CaptureFixture[str]) -> None:
        roster = ROOT / "docs" / "how-to" / "inspection-roster.json"

        assert asked(capsys, "freeze", roster)["frozen"]["kind"] == "SCHOOLS"
        assert asked(capsys, "run", roster, "--public", DICE)["result"]["missing"] == [
            "区教育局",
            "学校代表",
            "家长代表",
        ]

    def test_names_only_options_that_exist(self) -> None:
        guide = (ROOT / "docs" / "how-to" / "run-a-draw.md").read_text(encoding="utf-8")
        commands = [line for line in guide.splitlines() if line.startswith("qingqu draw ")]

        assert len(commands) >= 6
        for command in commands:
            assert parser().parse_args(shlex.split(command)[1:]).command == "draw"
