"""The public pages: what they say opens what it counts, what is not public is absent, and no address breaks them."""

import io
import re
import zipfile
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from qingqu.insight import queries as insight
from qingqu.insight.basis import basis
from qingqu.kernel.core.clock import now
from qingqu.kernel.org.models import Post
from qingqu.kernel.org.types import Role
from qingqu.kernel.publications import operations as publications
from qingqu.pillars.leads import operations as leads
from qingqu.pillars.leads.types import Track
from qingqu.pillars.rectification import operations as rectification
from tests.deployments.places import District, make_directive, make_measure, put_on
from tests.factories import actor, make_unit, seat

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/answer",
    "/answer/rows",
    "/directives/",
    "/publications/",
    "/disclosures/",
    "/search",
    "/about/",
    "/accessibility/",
    "/api/answer",
)
SOURCES = ("directives", "measures", "assignments", "evidence", "flags", "leads", "rectifications", "publications")
HOSTILE = (
    "",
    "0",
    "-1",
    "9" * 40,
    "٣",
    "1e9",
    "\x00",
    "' OR 1=1 --",
    "%",
    "_",
    "<script>",
    "a" * 5000,
    "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
)


@pytest.fixture
def district() -> District:
    """Two schools with a directive of two measures, one on both schools, and one of each matter."""
    found = District()
    directive = make_directive(found.root)
    first = make_measure(directive, "M1", kinds=["rectification.closed"])
    make_measure(directive, "M2", order=2)
    put_on(first, found.schools)
    return found


def _notice(district: District, *, title: str, days: int = 0, kind: str = "NOTICE") -> str:
    """A published notice (or another kind), public from some days hence; gives its number."""
    at = now()
    author, publisher = seat(Role.DISCIPLINE, district.root), seat(Role.OFFICE, district.root)
    row = publications.draft(
        kind=kind, title=title, body="某校已整改到位。", unit=district.root, author_id=author.pk, at=at
    )
    publications.submit(publication=row, at=at, actor=actor(author, at=at))
    publications.publish(publication=row, at=at, actor=actor(publisher, at=at), public_from=at + timedelta(days=days))
    row.refresh_from_db()
    return row.number or ""


def _work(district: District) -> None:
    """A lead, a discipline lead, and a rectification that somebody else found done."""
    at = now()
    handler = seat(Role.DISCIPLINE, district.root)
    for track in (Track.EDUCATION, Track.DISCIPLINE):
        leads.open_lead(
            title="反映收费问题", body="来信。", unit=district.schools[0], source_kind="hand", source_id="", at=at,
            actor_id=handler.pk, track=track,
        )  # fmt: skip
    head = district.principals[0]
    row = rectification.order(
        title="清退收费", cause="超出目录。", unit=district.schools[0],
        owner_post=Post.objects.get(appointments__person=head), at=at, actor=actor(handler, at=at),
    )  # fmt: skip
    rectification.plan(rectification=row, text="清退。", at=at, actor=actor(head, at=at))
    rectification.report(rectification=row, text="已清退。", at=at, actor=actor(head, at=at))
    rectification.verify(
        rectification=row, finding="属实。", at=at, actor=actor(seat(Role.DISCIPLINE, district.root), at=at)
    )


class TestAnswer:
    @pytest.mark.parametrize("question", ["", "思想引领", "措施M1有没有整改", "收费问题"])
    def test_opens_as_many_rows_as_each_sentence_says(self, client: Client, district: District, question: str) -> None:
        _work(district)
        _notice(district, title="关于一起收费问题的通报")
        found = client.get("/api/answer", {"question": question}).json()
        sentences = [*found["introduction"], *found["conclusion"]]
        for section in found["sections"]:
            sentences += [*section["findings"], section["closing"]]
            sentences += [each for measure in section["measures"] for each in measure["sentences"]]
        counted = [each for each in sentences if each["count"] is not None and each["rows"]]
        assert sum(each["count"] for each in counted) > (0 if question else 8)
        for each in counted:
            body = client.get(each["rows"]).content.decode()
            total = int(re.findall(r"共\s*(\d+)\s*条记录", body)[0])
            assert total == each["count"], each

    def test_names_the_notice_that_mentions_what_no_record_answers(self, client: Client, district: District) -> None:
        number = _notice(district, title="关于一起收费问题的通报")
        body = client.get("/answer", {"question": "收费"}).content.decode()
        assert "没有能回答“收费”的内容" in body
        assert f"/publications/{number}/" in body
        assert "answer-table" not in body

    def test_offers_what_may_be_asked(self, client: Client, district: District) -> None:
        body = client.get("/answer", {"question": "今天天气怎么样"}).content.decode()
        offered = re.findall(r'/answer\?question=([^"]+)"', body.split("answer-suggestions")[1])
        assert len(offered) == 5
        assert "您问的是" in client.get(f"/answer?question={offered[0]}").content.decode()

    def test_counts_no_discipline_matter(self, district: District) -> None:
        _work(district)
        assert insight.facts(at=now()).work.leads == 1

    def test_takes_the_same_queries_whatever_the_records(
        self, client: Client, district: District, django_assert_max_num_queries: object
    ) -> None:
        _work(district)
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            client.get("/answer")

    def test_says_in_english_what_it_says_in_chinese(self, client: Client, district: District) -> None:
        _work(district)
        chinese = client.get("/api/answer", headers={"accept-language": "zh-hans"}).json()
        english = client.get("/api/answer", headers={"accept-language": "en"}).json()

        def figures(answer: dict[str, object]) -> list[object]:
            return [each["count"] for each in answer["introduction"]]  # type: ignore[attr-defined, index]

        assert figures(chinese) == figures(english)
        assert re.search(r"[一-鿿]", chinese["introduction"][0]["text"])
        assert "Since" in english["introduction"][0]["text"] or re.search(
            "[A-Za-z]{4}", english["introduction"][0]["text"]
        )

    def test_is_an_official_document_in_pdf_and_docx(self, client: Client, district: District) -> None:
        pdf = client.get("/answer.pdf")
        assert pdf.headers["Content-Type"] == "application/pdf"
        assert pdf.content.startswith(b"%PDF-")
        docx = client.get("/answer.docx")
        with zipfile.ZipFile(io.BytesIO(docx.content)) as parts:
            text = parts.read("word/document.xml").decode()
        assert "措施M1" in text
        assert 'w:w="11906"' in text
        assert 'w:h="16838"' in text


class TestRows:
    @pytest.mark.parametrize("source", SOURCES)
    def test_show_the_last_page_when_asked_for_one_beyond(
        self, client: Client, district: District, source: str
    ) -> None:
        assert client.get(f"/answer/rows?of={source}&page={'9' * 30}").status_code == 200
        assert client.get(f"/answer/rows?of={source}&measure={'9' * 30}").status_code == 200

    def test_name_no_unit_and_no_person_of_a_matter(self, client: Client, district: District) -> None:
        _work(district)
        for source in ("leads", "rectifications", "evidence"):
            body = client.get(f"/answer/rows?of={source}").content.decode()
            assert "共 1 条记录" in body
            for hidden in (district.schools[0].name, district.principals[0].name, "收费"):
                assert hidden not in body, (source, hidden)

    def test_are_absent_for_a_figure_that_does_not_exist(self, client: Client) -> None:
        assert client.get("/answer/rows?of=salaries").status_code == 404

    def test_are_what_the_rule_names(self, district: District) -> None:
        found = basis({"of": "assignments"}, at=now())
        assert found is not None
        assert found.total == len(found.rows) == len(district.schools)


class TestPublicPages:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("value", HOSTILE)
    def test_stand_whatever_is_asked_of_them(self, client: Client, page: str, value: str) -> None:
        asked = "&".join(
            f"{name}={quote(value)}" for name in ("page", "q", "question", "of", "measure", "kind", "state")
        )
        assert client.get(f"{page}?{asked}").status_code in {200, 404, 422}

    def test_show_a_notice_only_from_its_day_on(self, client: Client, district: District) -> None:
        shown, hidden = _notice(district, title="今日通报"), _notice(district, title="下周通报", days=7)
        for page in ("/", "/publications/", "/search?q=通报", "/answer/rows?of=publications"):
            body = client.get(page).content.decode()
            assert "今日" in body, page
            assert "下周" not in body, page
        assert client.get(f"/publications/{shown}/").status_code == 200
        assert client.get(f"/publications/{hidden}/").status_code == 404

    def test_disclose_what_is_disclosed_and_no_notice(self, client: Client, district: District) -> None:
        shown = _notice(district, title="收费公示", kind="DISCLOSURE")
        _notice(district, title="典型问题", kind="NOTICE")
        _notice(district, title="下周公示", kind="OPEN", days=7)
        body = client.get("/disclosures/").content.decode()
        assert f"/publications/{shown}/" in body
        assert "共 1 件" in body
        assert "第20、21条" in body
        assert "典型问题</a>" not in body
        assert "下周公示" not in body
        assert "共 1 件" in client.get("/disclosures/", {"unit": district.root.name}).content.decode()
        assert "没有符合条件的公示" in client.get("/disclosures/", {"unit": "没有这个单位"}).content.decode()

    def test_cost_the_disclosures_the_same_whatever_their_number(
        self, client: Client, district: District, django_assert_max_num_queries: object
    ) -> None:
        for number in range(25):
            _notice(district, title=f"公示{number}", kind="DISCLOSURE")
        with django_assert_max_num_queries(4):  # type: ignore[operator]
            client.get("/disclosures/")

    def test_link_a_reference_to_its_source(self, client: Client) -> None:
        row = make_directive(make_unit(), "R1", is_external_reference=True, source_url="https://example.org/1")
        assert 'href="https://example.org/1"' in client.get(f"/directives/{row.pk}/").content.decode()

    def test_do_not_show_an_internal_directive(self, client: Client) -> None:
        row = make_directive(make_unit(), is_public=False, title="内部部署")
        assert "内部部署" not in client.get("/directives/").content.decode()
        absent = client.get(f"/directives/{row.pk + 1000}/")
        found = client.get(f"/directives/{row.pk}/")
        assert found.status_code == 404
        assert re.sub(rb'nonce="[^"]*"', b"", found.content) == re.sub(rb'nonce="[^"]*"', b"", absent.content)

    def test_tell_a_reference_from_our_own(self, client: Client) -> None:
        root = make_unit()
        row = make_directive(
            root, "R1", title="外区会议", is_external_reference=True, source_url="https://example.org/1"
        )
        listed = client.get("/directives/").content.decode()
        assert "外区会议" in listed
        assert "参考" in listed
        assert "https://example.org/1" in client.get(f"/directives/{row.pk}/").content.decode()
        assert insight.facts(at=now()).directives == ()
