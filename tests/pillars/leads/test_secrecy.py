"""Strings planted in two hundred discipline leads are found in nothing that anybody else is sent.

Take ``& ~Q(track=Track.DISCIPLINE)`` out of ``queries._visible`` and the register of the leader shows them.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from qingqu.kernel.notices.models import Notice
from qingqu.pillars.leads.models import Lead
from tests.factories import sign_in
from tests.pillars.leads.district import District, make_district, open_one, propose, study
from tests.site.routes import is_plain, patterns

pytestmark = pytest.mark.django_db

WORD = "银杏七号"
LEADS = 200
OTHERS = ("leader", "auditor", "office", "principal", "other_principal")


def plant(district: District) -> None:
    """Two hundred leads of the discipline track with the word in all that is written, some of them worked on."""
    for n in range(LEADS):
        lead = open_one(
            district,
            track="T1",
            title=f"{WORD}标题{n}",
            body=f"{WORD}正文{n}",
            evidence={"材料": f"{WORD}证据{n}"},
            suppliers=[f"{WORD}{n}"],
            source_kind="report",
            source_id=f"{WORD}{n}",
            has_named_reporter=n % 2 == 0,
        )
        if n % 50 == 0:
            propose(district, lead, "TALK", reason=f"{WORD}理由{n}")
            study(district, lead)


def answers(client: Client, letter_pages: list[str]) -> Iterator[tuple[str, bytes]]:
    """What each page without parameters answers, asked plainly and with the words of a search."""
    for address in letter_pages:
        for asked in ("", "?q=标题&track=T1&source_kind=report"):
            response = client.get(f"/{address}{asked}")
            content = b"".join(response) if response.streaming else response.content
            yield f"{address}{asked}", content


def plain() -> list[str]:
    """The addresses of our own pages that take no parameter and change nothing."""
    library = ("account_", "mfa_", "set_language", "api:")
    return [address for name, address in patterns() if is_plain(address) and not name.startswith(library)]


class TestDisciplineLeads:
    def test_are_in_no_answer_no_notice_and_no_log_line_of_anybody_else(self, caplog: pytest.LogCaptureFixture) -> None:
        district = make_district()
        caplog.set_level(logging.DEBUG)
        plant(district)
        lead = Lead.objects.first()
        assert lead is not None
        found: list[Any] = []
        for who in OTHERS:
            client = Client()
            sign_in(client, getattr(district, who))
            found += [(who, address) for address, body in answers(client, plain()) if WORD.encode() in body]
            for step in (
                "",
                "related/",
                "study/",
                "merge/",
                "intervene/",
                "talk/",
                "feed_back/",
                "propose/",
                "decide/",
            ):
                ask = client.get if step in {"", "related/"} else client.post
                there, nowhere = ask(f"/work/leads/{lead.pk}/{step}"), ask(f"/work/leads/9999999/{step}")
                assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content), (who, step)
                assert there.status_code in {404, 422}, (who, step)

        told = Notice.objects.exclude(person__in=[district.keeper, district.second_keeper])
        assert found == []
        assert not [notice for notice in told if WORD in f"{notice.title}{notice.body}"]
        assert WORD not in caplog.text

    def test_are_in_the_register_of_the_discipline_group(self, client: Client) -> None:
        district = make_district()
        plant(district)
        sign_in(client, district.keeper)

        assert WORD in client.get("/work/leads/").content.decode()
