"""Writing draws."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from qingqu.engines import draw as engine
from qingqu.kernel.core import search
from qingqu.kernel.draws import operations, queries, rules
from qingqu.kernel.draws.models import Ceremony, Entry, Recusal
from qingqu.kernel.draws.types import SourceKind, State, Terms
from qingqu.kernel.duties.models import Duty
from qingqu.kernel.ledger import installation, proofs
from qingqu.kernel.ledger import operations as ledger
from qingqu.kernel.ledger.models import Entry as Leaf
from qingqu.kernel.ledger.models import Event, Tile
from tests.factories import AT
from tests.kernel.draws.stage import (
    COMMIT_BY,
    COUNTS,
    DICE,
    HOUR,
    PEOPLE,
    REVEAL_BY,
    SENTENCES,
    SOURCE_AT,
    TERMS,
    Stage,
    committed,
    log_it,
    nonce,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    """A ceremony in preparation."""
    return Stage()


class TestPrepare:
    def test_is_refused_outside_the_scope_and_to_those_who_run_no_draws(self, stage: Stage) -> None:
        for name in ("principal", "区教育局"):
            with pytest.raises(operations.NotYours):
                operations.prepare(
                    title="抽签", purpose="抽签", unit=stage.school, terms=TERMS, at=AT, actor=stage.actor(name)
                )

    @pytest.mark.parametrize(
        "terms",
        [
            Terms(AT - HOUR, REVEAL_BY, SOURCE_AT, SourceKind.DICE, 20),
            Terms(REVEAL_BY, COMMIT_BY, SOURCE_AT, SourceKind.DICE, 20),
            Terms(COMMIT_BY, REVEAL_BY, REVEAL_BY, SourceKind.DICE, 20),
        ],
    )
    def test_is_refused_when_the_moments_are_out_of_order(self, stage: Stage, terms: Terms) -> None:
        with pytest.raises(operations.Incomplete):
            stage.prepared(terms=terms)

    @pytest.mark.parametrize(
        "terms",
        [
            Terms(COMMIT_BY, REVEAL_BY, SOURCE_AT, SourceKind.DICE, 3),
            Terms(COMMIT_BY, REVEAL_BY, SOURCE_AT, SourceKind.LOTTERY, None, "SSQ", "26101"),
        ],
    )
    def test_is_refused_when_the_engine_could_not_use_the_source(self, stage: Stage, terms: Terms) -> None:
        with pytest.raises(operations.BadRoster):
            stage.prepared(terms=terms)

    def test_knows_the_round_of_a_beacon(self, stage: Stage) -> None:
        row = stage.prepared(terms=Terms(COMMIT_BY, REVEAL_BY, SOURCE_AT, SourceKind.DRAND))

        assert rules.source(queries.terms(row))["round"] == engine.round_at(rules.moment(SOURCE_AT))


class TestPutDraw:
    def test_gives_people_numbers_and_keeps_whom_they_stand_for(self, stage: Stage) -> None:
        drawn = stage.with_roster("INSPECTORS", PEOPLE, "2")

        assert list(drawn.entries.order_by("id").values_list("number", "label"))[:2] == [
            ("0001", "张三"),
            ("0002", "李四"),
        ]

    def test_lets_schools_stand_by_name(self, stage: Stage) -> None:
        assert stage.draw.entries.filter(number="第一小学", stratum="高风险").exists()

    def test_gives_a_free_roster_numbers_unless_it_names_nobody(self, stage: Stage) -> None:
        hidden = stage.with_roster("FREE", PEOPLE, "1")
        shown = stage.with_roster("FREE", "甲厂\n乙厂", "1", has_public_names=True)

        assert (hidden.is_personal, shown.is_personal) == (True, False)
        assert set(shown.entries.values_list("number", flat=True)) == {"甲厂", "乙厂"}

    def test_never_shows_people_by_name_whatever_is_asked(self, stage: Stage) -> None:
        assert stage.with_roster("CHILDREN", PEOPLE, "1", has_public_names=True).is_personal

    @pytest.mark.parametrize("counts", ["高风险，4\n低风险，1", "高风险\n低风险，1", "中风险，1", "高风险，一"])
    def test_refuses_quotas_that_cannot_be(self, stage: Stage, counts: str) -> None:
        with pytest.raises((operations.Incomplete, operations.BadRoster)):
            stage.with_roster(counts=counts)

    @pytest.mark.parametrize("text", ["", "第一小学\n第一小学", "第一小学\u200b", "甲，层，1\n乙，层，1"])
    def test_refuses_a_roster_that_could_be_read_in_two_ways(self, stage: Stage, text: str) -> None:
        with pytest.raises((operations.Incomplete, operations.BadRoster)):
            stage.with_roster(text=text, counts="")

    def test_is_refused_once_the_ceremony_is_frozen(self, stage: Stage) -> None:
        stage.frozen()

        with pytest.raises(operations.NotNow):
            stage.with_roster()
        with pytest.raises(operations.NotNow):
            stage.act("drop_draw", draw_id=stage.draw.pk)

    def test_can_be_taken_back_before(self, stage: Stage) -> None:
        stage.act("drop_draw", draw_id=stage.draw.pk)

        assert not Entry.objects.exists()


class TestParties:
    def test_are_never_those_who_organise(self, stage: Stage) -> None:
        with pytest.raises(operations.NeedsAnother):
            stage.act("put_party", name="我", post=stage.post("organiser"))

    def test_cannot_organise_later(self, stage: Stage) -> None:
        stage.act("put_party", name="办公室", post=stage.post("second"))

        with pytest.raises(operations.NeedsAnother):
            stage.act("freeze", by="second")

    def test_take_part_once_each_and_under_one_name(self, stage: Stage) -> None:
        with pytest.raises(operations.Incomplete):
            stage.act("put_party", name="又一个", post=stage.post("区教育局"))
        for name in ("家长代表", rules.PUBLIC_SOURCE):
            with pytest.raises(operations.Incomplete):
                stage.act("put_party", name=name, post=None, speaks_for="公证处")

    def test_leave_no_secret_in_the_database(self, stage: Stage) -> None:
        stage.frozen()
        secret = stage.secrets["家长代表"]

        assert queries.part_behind(secret) == stage.party("家长代表")
        assert secret not in str(list(Event.objects.values_list())) + str(list(stage.row.parties.values_list()))

    def test_lose_the_old_link_when_a_new_one_is_made(self, stage: Stage) -> None:
        stage.frozen()
        fresh = stage.act("renew_link", party_id=stage.party("家长代表").pk)

        with pytest.raises(operations.NotYours):
            stage.commit("家长代表")
        stage.secrets["家长代表"] = fresh
        assert stage.commit("家长代表").commitment

    def test_can_be_taken_out_before_the_freeze(self, stage: Stage) -> None:
        stage.act("drop_party", party_id=stage.party("家长代表").pk)

        assert stage.row.parties.count() == 2


class TestFreeze:
    def test_fixes_what_the_engine_freezes_and_puts_its_digest_into_the_log(self, stage: Stage) -> None:
        stage.frozen()

        roster = engine.read_roster(stage.draw.roster)
        leaf = Leaf.objects.get(event_id=Event.objects.get(kind="draw.frozen").pk)
        assert roster.digest == stage.draw.digest
        assert leaf.opening["fields"]["payload.digest"]["value"] == roster.digest
        assert [each.id for each in roster.parties] == list(SENTENCES)

    def test_makes_it_public_and_found(self, stage: Stage) -> None:
        assert not queries.public().exists()
        stage.frozen()

        assert [draw.number for draw in queries.public()] == [stage.draw.number]
        assert search.find("秋季收费检查", kinds=("draw",)).total == 1

    def test_asks_the_posts_to_commit_in_time(self, stage: Stage) -> None:
        stage.frozen()

        assert set(Duty.objects.values_list("post_id", flat=True)) == {
            stage.post("区教育局").pk,
            stage.post("派驻纪检组").pk,
        }

    def test_is_refused_without_a_roster_and_after_the_deadline(self, stage: Stage) -> None:
        with pytest.raises(operations.Incomplete):
            stage.act("freeze", at=COMMIT_BY)
        stage.act("drop_draw", draw_id=stage.draw.pk)
        with pytest.raises(operations.Incomplete):
            stage.act("freeze")

    def test_is_refused_when_a_party_has_organised_meanwhile(self, stage: Stage) -> None:
        Ceremony.objects.filter(pk=stage.row.pk).update(organisers=[*stage.row.organisers, stage.person("区教育局").pk])

        with pytest.raises(operations.NeedsAnother):
            stage.act("freeze")


class TestCommit:
    def test_waits_until_the_frozen_roster_stands_in_the_log(self, stage: Stage) -> None:
        stage.act("freeze")

        with pytest.raises(operations.NotTheTime):
            stage.commit("区教育局")
        log_it()
        assert stage.commit("区教育局").commitment == committed("区教育局")
        assert stage.row.state == State.COMMITTING

    def test_is_taken_until_its_deadline_and_not_after(self, stage: Stage) -> None:
        stage.frozen()

        assert stage.commit("区教育局", at=COMMIT_BY).committed_at == COMMIT_BY
        with pytest.raises(operations.NotTheTime):
            stage.commit("派驻纪检组", at=COMMIT_BY + HOUR / 3600)

    def test_is_made_once(self, stage: Stage) -> None:
        stage.frozen()
        stage.commit("区教育局")

        with pytest.raises(operations.NotNow):
            stage.commit("区教育局", commitment="0" * 64)

    def test_is_nobody_elses(self, stage: Stage) -> None:
        stage.frozen()

        with pytest.raises(operations.NotYours):
            stage.commit("区教育局", actor=stage.actor("派驻纪检组"))
        with pytest.raises(operations.NotYours):
            stage.commit("家长代表", secret="guessed")
        with pytest.raises(operations.NotYours):
            stage.commit("家长代表", secret="")

    @pytest.mark.parametrize("wrong", ["", "abc", "g" * 64, "a" * 63])
    def test_is_64_hex_digits(self, stage: Stage, wrong: str) -> None:
        stage.frozen()

        with pytest.raises(operations.Incomplete):
            stage.commit("区教育局", commitment=wrong)

    def test_is_not_copied_from_another(self, stage: Stage) -> None:
        stage.frozen()
        stage.commit("区教育局")

        with pytest.raises(operations.Incomplete):
            stage.commit("派驻纪检组", commitment=committed("区教育局").upper())

    def test_by_the_last_party_closes_the_committing(self, stage: Stage) -> None:
        stage.all_committed()

        assert stage.row.state == State.REVEALING
        assert stage.kinds()[-2:] == ["draw.committed", "draw.closed"]

    def test_discharges_the_duty_and_then_asks_to_reveal(self, stage: Stage) -> None:
        stage.all_committed()

        duties = Duty.objects.filter(post=stage.post("区教育局")).order_by("id")
        assert [(duty.title[:4], duty.completed_at is not None) for duty in duties] == [
            ("抽签承诺", True),
            ("抽签揭示", False),
        ]


class TestClose:
    def test_waits_for_everybody_or_the_deadline(self, stage: Stage) -> None:
        stage.frozen()
        stage.commit("区教育局")

        with pytest.raises(operations.NotTheTime, match="家长代表"):
            stage.act("close", at=COMMIT_BY)
        stage.act("close", at=COMMIT_BY + HOUR)
        assert stage.row.state == State.REVEALING

    def test_lets_those_go_who_did_not_commit(self, stage: Stage) -> None:
        stage.frozen()
        stage.act("close", at=COMMIT_BY + HOUR)

        assert not Duty.objects.filter(completed_at__isnull=True, cancelled_at__isnull=True).exists()


class TestReveal:
    def test_waits_until_all_commitments_are_closed(self, stage: Stage) -> None:
        stage.frozen()
        stage.commit("区教育局")

        with pytest.raises(operations.NotNow):
            stage.reveal("区教育局", at=COMMIT_BY)

    def test_needs_no_organiser_once_the_deadline_for_committing_has_passed(self, stage: Stage) -> None:
        stage.frozen()
        stage.commit("区教育局")

        assert stage.reveal("区教育局", at=COMMIT_BY + HOUR).revealed_at
        assert stage.kinds()[-2:] == ["draw.closed", "draw.revealed"]

    def test_is_taken_until_its_deadline_and_not_after(self, stage: Stage) -> None:
        stage.all_committed()

        assert stage.reveal("区教育局", at=REVEAL_BY).revealed_at == REVEAL_BY
        with pytest.raises(operations.NotTheTime):
            stage.reveal("派驻纪检组", at=REVEAL_BY + HOUR / 3600)

    @pytest.mark.parametrize("given", [{"contribution": "改口"}, {"nonce": "0" * 64}, {"nonce": "xyz"}])
    def test_is_what_was_committed_to(self, stage: Stage, given: dict[str, str]) -> None:
        stage.all_committed()

        with pytest.raises(operations.BadRoster):
            stage.reveal("区教育局", **given)

    def test_is_made_once_and_by_nobody_without_a_commitment(self, stage: Stage) -> None:
        stage.frozen()
        stage.commit("区教育局")
        stage.reveal("区教育局")

        with pytest.raises(operations.NotNow):
            stage.reveal("区教育局")
        with pytest.raises(operations.NotNow):
            stage.reveal("家长代表")

    def test_is_for_everybody_to_read_in_the_log(self, stage: Stage) -> None:
        stage.all_committed()
        stage.reveal("区教育局")
        log_it()

        fields = Leaf.objects.get(event_id=Event.objects.get(kind="draw.revealed").pk).opening["fields"]
        shown = {name: field["value"] for name, field in fields.items()}
        assert shown["payload.contribution"] == SENTENCES["区教育局"]
        assert shown["payload.nonce"] == nonce("区教育局")
        assert shown["payload.party"] == "区教育局"
        assert shown["payload.draws"] == [stage.draw.number]


class TestSource:
    def test_is_taken_from_its_promised_moment_on(self, stage: Stage) -> None:
        stage.two_revealed()

        with pytest.raises(operations.NotTheTime):
            stage.act("record_source", at=SOURCE_AT - HOUR / 3600, value=DICE)
        stage.act("record_source", at=SOURCE_AT, value=DICE)

    @pytest.mark.parametrize("value", ["", "1234", "7" * 20, "35162442631553126415x"])
    def test_is_a_possible_outcome(self, stage: Stage, value: str) -> None:
        stage.two_revealed()

        with pytest.raises(operations.BadRoster):
            stage.act("record_source", at=SOURCE_AT, value=value)

    def test_refuses_a_beacon_whose_signature_is_not_the_chains(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        terms = Terms(COMMIT_BY, REVEAL_BY, SOURCE_AT, SourceKind.DRAND)
        stage.act("change", title="抽签", purpose="检查", terms=terms)
        stage.frozen()
        signature = "ab" * 48
        randomness = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
        value = f"{engine.round_at(rules.moment(SOURCE_AT))}:{randomness}:{signature}"
        monkeypatch.setattr(engine.beacons.importlib, "import_module", lambda _name: None)
        monkeypatch.setattr(engine.beacons, "_is_signed", lambda *_given: False)

        with pytest.raises(operations.BadRoster, match="签名"):
            stage.act("record_source", at=SOURCE_AT, value=value)

    def test_names_those_who_did_not_reveal(self, stage: Stage) -> None:
        stage.two_revealed()
        stage.act("record_source", at=SOURCE_AT, value=DICE)

        named = Event.objects.filter(kind="draw.not_revealed").values_list("payload__party", flat=True)
        assert list(named) == ["家长代表"]

    def test_is_confirmed_by_another_person_who_read_the_same(self, stage: Stage) -> None:
        stage.two_revealed()
        stage.act("record_source", at=SOURCE_AT, value=DICE)

        with pytest.raises(operations.NeedsAnother):
            stage.act("confirm_source", at=SOURCE_AT, value=DICE)
        with pytest.raises(operations.BadRoster):
            stage.act("confirm_source", at=SOURCE_AT, value=DICE[::-1], by="second")
        stage.act("confirm_source", at=SOURCE_AT, value=DICE, by="second")
        with pytest.raises(operations.NotNow):
            stage.act("record_source", at=SOURCE_AT, value=DICE)

    def test_entered_twice_is_in_the_log_twice(self, stage: Stage) -> None:
        stage.two_revealed()
        stage.act("record_source", at=SOURCE_AT, value=DICE)
        stage.act("record_source", at=SOURCE_AT, value=DICE[::-1], by="second")

        events = Event.objects.filter(kind="draw.source_recorded").order_by("id")
        assert [event.payload["value"] for event in events] == [DICE, DICE[::-1]]
        assert Event.objects.filter(kind="draw.not_revealed").count() == 1

    def test_comes_even_when_nobody_ended_the_committing(self, stage: Stage) -> None:
        stage.frozen()
        stage.act("record_source", at=SOURCE_AT, value=DICE)

        assert stage.row.state == State.REVEALING
        assert Event.objects.filter(kind="draw.not_revealed").count() == 3


class TestRecuse:
    def test_says_nothing_in_the_log_that_could_be_guessed_and_opens_in_the_bundle(self, stage: Stage) -> None:
        stage.frozen()
        stage.act("recuse", draw_id=stage.draw.pk, number="第二小学", reason="检查组长的姐姐在该校任教")
        log_it()
        told = str(Leaf.objects.get(event_id=Event.objects.get(kind="draw.recused").pk).opening["fields"])
        said = Event.objects.get(kind="draw.recused").payload
        assert "第二小学" not in told
        assert "姐姐" not in told + str(said)

        for name in ("区教育局", "派驻纪检组"):
            stage.commit(name)
        stage.act("record_source", at=SOURCE_AT, value=DICE)
        stage.act("confirm_source", at=SOURCE_AT, value=DICE, by="second")
        stage.act("draw", at=SOURCE_AT)
        bundle = json.loads(bytes(stage.draw.result.bundle))
        passed = bundle["recusals"][0]
        salt = passed["reason"].rpartition(" ")[2]
        assert rules.recusal_digest(stage.draw.number, passed["stratum"], passed["id"], salt) == said["entry"]
        assert bundle["result"]["strata"]["高风险"]["skipped"] == ["第二小学"]
        assert "姐姐" not in str(bundle)

    def test_is_refused_from_the_promised_moment_on(self, stage: Stage) -> None:
        stage.frozen()

        with pytest.raises(operations.NotTheTime):
            stage.act("recuse", at=SOURCE_AT, draw_id=stage.draw.pk, number="第二小学", reason="亲属")

    def test_needs_a_reason_and_an_entry_and_happens_once(self, stage: Stage) -> None:
        stage.frozen()
        given = {"draw_id": stage.draw.pk, "number": "第二小学"}

        with pytest.raises(operations.Incomplete):
            stage.act("recuse", **given, reason=" ")
        with pytest.raises(operations.BadRoster):
            stage.act("recuse", draw_id=stage.draw.pk, number="无此学校", reason="亲属")
        stage.act("recuse", **given, reason="亲属")
        with pytest.raises(operations.NotNow):
            stage.act("recuse", **given, reason="亲属")

    def test_leaves_enough_to_draw_from(self, stage: Stage) -> None:
        stage.frozen()
        for name in ("第一小学", "第二小学"):
            stage.act("recuse", draw_id=stage.draw.pk, number=name, reason="亲属")

        with pytest.raises(operations.BadRoster):
            stage.act("recuse", draw_id=stage.draw.pk, number="第三小学", reason="亲属")

    def test_passes_nobody_over_in_an_order_of_everybody(self, stage: Stage) -> None:
        rollout = stage.with_roster("ROLLOUT", "甲校\n乙校\n丙校", "")
        stage.frozen()

        with pytest.raises(operations.BadRoster):
            stage.act("recuse", draw_id=rollout.pk, number="乙校", reason="正在撤并")


class TestDraw:
    def test_gives_a_bundle_that_the_engine_replays_to_the_same(self, stage: Stage) -> None:
        stage.drawn()

        found = engine.replay(bytes(stage.draw.result.bundle), roster_sha256=stage.draw.digest)
        assert found.is_same
        assert found.recomputed["missing"] == ["家长代表"]

    def test_logs_the_digest_of_what_the_replay_scripts_print(self, stage: Stage, tmp_path: Path) -> None:
        stage.drawn()
        (tmp_path / "bundle.json").write_bytes(bytes(stage.draw.result.bundle))
        (tmp_path / "replay.py").write_bytes(engine.script("replay.py"))

        printed = subprocess.run(
            [sys.executable, "replay.py", "bundle.json"], cwd=tmp_path, check=True, capture_output=True
        ).stdout

        logged = Event.objects.get(kind="draw.drawn").payload["result_sha256"]
        assert hashlib.sha256(printed).hexdigest() == logged == stage.draw.result_sha256

    def test_gives_every_draw_of_the_ceremony_its_own_seed_from_the_same_sources(self, stage: Stage) -> None:
        stage.with_roster("INSPECTORS", PEOPLE, "2，1")
        stage.drawn()

        first, second = stage.row.draws.select_related("result").order_by("id")
        assert first.result.seed != second.result.seed
        assert [first.result.content["missing"], second.result.content["missing"]] == [["家长代表"]] * 2
        assert stage.kinds().count("draw.drawn") == 2

    def test_waits_for_the_confirmed_source(self, stage: Stage) -> None:
        stage.two_revealed()
        stage.act("record_source", at=SOURCE_AT, value=DICE)

        with pytest.raises(operations.NotNow):
            stage.act("draw", at=SOURCE_AT)

    def test_happens_once(self, stage: Stage) -> None:
        stage.drawn()

        with pytest.raises(operations.NotNow):
            stage.act("draw", at=SOURCE_AT)
        with pytest.raises(operations.NotNow):
            stage.act("abandon", at=SOURCE_AT, reason="不满意")

    def test_from_the_same_list_is_found_again(self, stage: Stage) -> None:
        stage.drawn()
        first = stage.draw
        stage.row = stage.prepared()
        again = stage.with_roster()
        stage.act("put_party", name="公证处", post=None, speaks_for="公证处")
        stage.act("freeze")

        again.refresh_from_db()
        assert queries.with_the_same_list(again) == [first]


class TestAbandon:
    @pytest.mark.parametrize("step", ["frozen", "all_committed", "two_revealed"])
    def test_says_why_and_is_final(self, stage: Stage, step: str) -> None:
        getattr(stage, step)()
        stage.act("abandon", reason="名单遗漏一所学校", at=SOURCE_AT - HOUR)

        assert stage.row.state == State.ABANDONED
        assert queries.public().get().ceremony.abandon_reason == "名单遗漏一所学校"
        assert not Duty.objects.filter(completed_at__isnull=True, cancelled_at__isnull=True).exists()
        with pytest.raises(operations.NotNow):
            stage.act("abandon", reason="再说一次")

    def test_needs_a_reason(self, stage: Stage) -> None:
        stage.frozen()

        with pytest.raises(operations.Incomplete):
            stage.act("abandon", reason=" ")

    def test_is_refused_from_the_moment_at_which_the_source_may_be_known(self, stage: Stage) -> None:
        stage.two_revealed()

        with pytest.raises(operations.NotTheTime):
            stage.act("abandon", reason="不满意", at=SOURCE_AT)

    def test_of_a_preparation_is_never_public(self, stage: Stage) -> None:
        stage.act("abandon", reason="不办了")

        assert not queries.public().exists()


class TestPersonalRosters:
    def test_leave_no_name_in_log_bundle_or_roster(self, stage: Stage) -> None:
        people = stage.with_roster("EXPERTS", PEOPLE, "2，1")
        stage.frozen()
        stage.act("recuse", draw_id=people.pk, number="0003", reason="与投标人有亲属关系")
        for name in SENTENCES:
            stage.commit(name)
        stage.act("record_source", at=SOURCE_AT, value=DICE)
        stage.act("confirm_source", at=SOURCE_AT, value=DICE, by="second")
        stage.act("draw", at=SOURCE_AT)
        log_it()

        people.refresh_from_db()
        told = b"".join(bytes(data) for data in Tile.objects.values_list("data", flat=True))
        texts = (
            str(list(Leaf.objects.values_list("opening"))),
            str(people.roster),
            bytes(people.result.bundle).decode(),
            str(list(Event.objects.filter(kind__startswith="draw.").values_list("payload"))),
            told.decode(errors="replace"),
        )
        for name in (*PEOPLE.split(), "亲属"):
            assert not any(name in text for text in texts), name
        assert "0003" in bytes(people.result.bundle).decode()


class TestWatchedRows:
    def test_are_as_the_log_has_them_after_a_whole_ceremony(self, stage: Stage) -> None:
        stage.drawn()
        log_it()

        assert ledger.check(at=SOURCE_AT, vault=installation.vault()).findings == []

    @pytest.mark.parametrize("change", ["label", "deadline", "recusal", "result"])
    def test_give_away_what_was_changed_behind_the_log(self, stage: Stage, change: str) -> None:
        stage.frozen()
        stage.act("recuse", draw_id=stage.draw.pk, number="第二小学", reason="亲属")
        stage.act("record_source", at=SOURCE_AT, value=DICE)
        stage.act("confirm_source", at=SOURCE_AT, value=DICE, by="second")
        stage.act("draw", at=SOURCE_AT)
        log_it()

        if change == "label":
            Entry.objects.filter(number="第一小学").update(label="第九小学")
        elif change == "deadline":
            Ceremony.objects.update(commit_by=COMMIT_BY - HOUR)
        elif change == "recusal":
            Recusal.objects.update(reason="别的理由")
        else:
            stage.row.draws.update(result_sha256="0" * 64)

        found = ledger.check(at=SOURCE_AT, vault=installation.vault()).findings
        assert {finding["trouble"] for finding in found} == {"ROW_CHANGED"}


def test_every_public_event_can_be_proved(stage: Stage) -> None:
    stage.drawn()
    log_it()
    signer = installation.signer()
    ledger.publish(at=SOURCE_AT, signer=signer, policy=installation.policy(signer.vkeys), folder=installation.folder())

    shown = [each for each in queries.in_the_log(stage.row) if each.event.kind not in {"draw.prepared", "draw.changed"}]
    assert len(shown) == 11
    for each in shown:
        proof = proofs.of_event(each.event.pk)
        assert proof is not None
        assert proof.index == each.index
        assert proof.opening["fields"]["kind"]["value"] == each.event.kind


def test_counts_of_the_stage_are_what_the_tests_believe() -> None:
    assert rules.counts(COUNTS, ["高风险", "低风险"]) == ({"高风险": 1, "低风险": 1}, {"高风险": 1, "低风险": 1})
