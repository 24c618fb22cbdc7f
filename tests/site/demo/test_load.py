"""The demo district is loaded through the product's own operations, and every account of the guide finds work."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from qingqu.deployments.models import Assignment, Measure
from qingqu.deployments.types import State
from qingqu.engines import draw as engine
from qingqu.insight import queries as insight
from qingqu.kernel.core.clock import local_date, now
from qingqu.kernel.draws.models import Ceremony
from qingqu.kernel.duties import queries as duties
from qingqu.kernel.ledger import installation
from qingqu.kernel.ledger.checks import check_records
from qingqu.kernel.org.models import Account, Person
from qingqu.kernel.org.queries import actor_of
from qingqu.kernel.publications import queries as publications
from qingqu.site.demo import guide, load

pytestmark = pytest.mark.django_db

AT_HOME = {"principal", "principal2", "secretary", "teacher"}
"""The accounts that have duties of their own on the first day."""


class TestLoad:
    def test_gives_a_district_at_work(self, client: Client) -> None:
        at = now()
        load.organisation(at)
        load.deploy(at)
        load.live(at)

        assert Person.objects.count() == 8000
        assert Measure.objects.count() == 14
        whole = Assignment.objects.filter(is_share=False)
        assert whole.count() == 1400
        states = {State(state) for state in whole.values_list("state", flat=True)}
        assert {State.PENDING, State.ACCEPTED, State.DECOMPOSED} <= states

        self._every_account_has_its_work(at)
        self._the_public_sees(at, client)

    def _every_account_has_its_work(self, at: datetime) -> None:
        accounts = {row.username: row for row in Account.objects.select_related("person")}
        assert set(accounts) == {each.username for each in guide.ACCOUNTS}
        for name in AT_HOME:
            person = accounts[name].person
            assert person is not None
            assert sum(duties.counts_for(person.pk, on=actor_of(person, at=at).on).values()) > 0, name

    def _the_public_sees(self, at: datetime, client: Client) -> None:
        work = insight.facts(at=at).work
        assert (work.leads, work.leads_disposed) == (3, 2)
        assert (work.rectifications, work.rectifications_closed, work.rectifications_overdue) == (4, 1, 1)
        assert publications.public_figures(at) == {"DISCLOSURE": 1, "NOTICE": 1}
        assert publications.public_figures(at - timedelta(days=60)) == {}
        assert "专项检查事项的公示" in client.get("/disclosures/").content.decode()
        assert len(client.get("/api/answer").json()["sections"]) == 5


@pytest.mark.django_db(transaction=True)
class TestDraws:
    def test_give_one_that_anybody_replays_and_one_that_waits_for_the_leader(self, settings, tmp_path) -> None:
        settings.QINGQU_KEYS, settings.QINGQU_LOG = tmp_path / "keys", tmp_path / "log"
        at = now()
        load.organisation(at)
        load.draws(at)

        made, waiting = Ceremony.objects.order_by("created_at")
        drawn = made.draws.get()
        bundle = Client().get(reverse("draws:bundle", args=[drawn.number])).content
        assert engine.replay(bundle, roster_sha256=drawn.digest).is_same
        assert waiting.state == "FROZEN"
        leader = Account.objects.get(username="leader").person
        assert sum(duties.counts_for(leader.pk, on=local_date(at)).values()) == 1
        assert not list(check_records(vault=installation.vault(), at=now()))
