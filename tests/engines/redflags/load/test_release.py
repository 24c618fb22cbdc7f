from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingqu.engines.redflags.load import flatten
from qingqu.engines.redflags.schema import TABLES
from tests.engines.redflags.load.factories import release


def rows(table: str, **parts: Any) -> list[dict[str, Any]]:
    """The rows of one table for a release with the given parts."""
    return flatten(release("o", **parts), line=7, unit_id="S001", source="a.json@b")[table]


def bids(*details: Any) -> dict[str, Any]:
    return {"bids": {"details": list(details)}}


class TestFlatten:
    def test_gives_every_column_of_every_table(self) -> None:
        full = release(
            "o",
            tender={"lots": [{"id": "L"}]},
            bids={"details": [{"id": "b", "tenderers": [{"id": "T"}]}]},
            awards=[{"id": "a", "suppliers": [{"id": "T"}], "items": [{"id": 1}], "value": {"amount": 1}}],
            contracts=[{"id": "c", "awardID": "a"}],
        )

        found = flatten(full, line=7, unit_id="S001", source="a.json@b")

        for table, table_rows in found.items():
            assert len(table_rows) == 1, table
            assert set(table_rows[0]) == set(TABLES[table].column_names), table
            required = [column.name for column in TABLES[table].columns if not column.nullable]
            assert all(table_rows[0][name] is not None for name in required), table

    def test_tells_an_absent_array_from_an_empty_one(self) -> None:
        [absent] = rows("tender")
        [empty] = rows("tender", awards=[], bids={"details": []})
        [odd] = rows("tender", awards={}, bids={"statistics": []})

        assert (absent["has_awards"], absent["has_bids"]) == (False, False)
        assert (empty["has_awards"], empty["has_bids"]) == (True, True)
        assert (odd["has_awards"], odd["has_bids"]) == (False, False)

    def test_keeps_a_missing_status_missing(self) -> None:
        [award] = rows("award", awards=[{"id": "a"}])
        [bid] = rows("bid", **bids({"id": "b"}))

        assert award["status"] is None
        assert bid["status"] is None

    def test_counts_tenderers_without_an_id(self) -> None:
        parts = bids({"id": "b", "tenderers": [{"id": "T"}, {}, {"id": "U"}]})

        assert rows("bid", **parts)[0]["tenderers_count"] == 3
        assert [row["supplier_id"] for row in rows("bid_tenderer", **parts)] == ["T", "U"]

    def test_marks_ids_that_were_numbers(self) -> None:
        [tender] = rows("tender", buyer={"id": 1}, tender={"procuringEntity": {"id": "P"}})
        [tenderer] = rows("bid_tenderer", **bids({"id": "b", "tenderers": [{"id": 7}]}))

        assert (tender["buyer_id"], tender["ids_are_text"]) == ("1", False)
        assert (tenderer["supplier_id"], tenderer["id_is_text"]) == ("7", False)
        assert rows("tender", buyer={"id": "1"})[0]["ids_are_text"] is True

    def test_numbers_bids_in_source_order_and_names_those_without_an_id(self) -> None:
        found = rows("bid", **bids({"id": "b"}, {}, {"id": "b"}, {"id": "#2"}))

        assert [row["position"] for row in found] == [1, 2, 3, 4]
        assert [row["bid_id"] for row in found] == ["b", "#2", "#3", "#4"]

    def test_lists_a_tenderer_named_twice_once(self) -> None:
        parts = bids({"id": "b", "tenderers": [{"id": 1}, {"id": "1"}]})

        [tenderer] = rows("bid_tenderer", **parts)

        assert (tenderer["supplier_id"], tenderer["id_is_text"]) == ("1", True)
        assert rows("bid", **parts)[0]["tenderers_count"] == 2

    def test_keeps_raw_dates_beside_moments(self) -> None:
        period = {"startDate": "2025-03-01T08:00:00+08:00", "endDate": "2025-03-20"}

        [tender] = rows("tender", tender={"tenderPeriod": period})

        assert tender["opens_at"] == datetime(2025, 3, 1, tzinfo=UTC)
        assert (tender["opens_raw"], tender["closes_raw"]) == (period["startDate"], period["endDate"])
        assert tender["closes_at"] is None

    @pytest.mark.parametrize(
        ("raw", "is_moment"),
        [
            ("2025-03-01T08:00:00Z", True),
            ("2019-11-25T17:20:38.1197059Z", True),
            ("2025-03-01t08:00:00z", True),
            ("2025-03-01T08:00:00", False),
            ("2025-03-01T08:00Z", False),
            ("20250301T080000Z", False),
            ("2025-02-30T08:00:00Z", False),
            ("", False),
        ],
    )
    def test_takes_only_complete_rfc_3339_as_a_moment(self, raw: str, is_moment: bool) -> None:
        [bid] = rows("bid", **bids({"id": "b", "date": raw}))

        assert (bid["submitted_at"] is not None) is is_moment
        assert bid["submitted_raw"] == (raw or None)

    @pytest.mark.parametrize(
        ("value", "amount", "units"),
        [
            ({"amount": 12.34, "currency": "CNY"}, 12.34, 1234),
            ({"amount": 12.345, "currency": "CNY"}, 12.345, 1235),
            ({"amount": 0.1, "currency": "EUR"}, 0.1, 10),
            ({"amount": 500, "currency": "JPY"}, 500.0, 500),
            ({"amount": 1.2345, "currency": "KWD"}, 1.2345, 1235),
            ({"amount": -3}, -3.0, -300),
            ({"amount": 0}, 0.0, 0),
            ({"amount": "12"}, None, None),
            ({"amount": True}, None, None),
            ({"amount": 1e30}, 1e30, None),
            ({"amount": 10**400}, None, None),
            ({}, None, None),
            ("12", None, None),
        ],
    )
    def test_keeps_amounts_as_published_and_in_smallest_units(self, value: Any, amount: Any, units: Any) -> None:
        [bid] = rows("bid", **bids({"id": "b", "value": value}))

        assert (bid["amount"], bid["amount_fen"]) == (amount, units)

    def test_takes_a_count_of_tenderers_only_from_an_integer(self) -> None:
        counts = [
            rows("tender", tender={"numberOfTenderers": value})[0]["tenderers_count"] for value in (1, True, "1", None)
        ]

        assert counts == [1, None, None, None]

    def test_gives_contracts_ids_of_their_own_process(self) -> None:
        parts = {
            "awards": [{"id": "a", "suppliers": [{"id": "S"}], "value": {"amount": 5, "currency": "CNY"}}],
            "contracts": [{"id": "1", "awardID": "a", "dateSigned": "2025-04-01T00:00:00Z"}],
        }

        [contract] = rows("contract", **parts)

        assert (contract["contract_id"], contract["supplier_id"], contract["amount_fen"]) == ("o/1", "S", 500)
        assert contract["signed_on"] == date(2025, 4, 1)

    def test_counts_a_contract_without_a_supplier_and_invents_none(self) -> None:
        notes: Counter[str] = Counter()

        found = flatten(release("o", contracts=[{"id": "1"}]), line=1, unit_id=None, source="a", notes=notes)

        assert found["contract"] == []
        assert notes["CONTRACT_INCOMPLETE"] == 1

    def test_takes_the_buyer_for_the_unit_when_none_is_given(self) -> None:
        found = flatten(release("o", buyer={"id": "B"}), line=1, unit_id=None, source="a")

        assert found["tender"][0]["unit_id"] == "B"

    def test_takes_a_party_for_the_supplier_it_is(self) -> None:
        parties = [
            {"id": "S", "name": "甲公司", "roles": ["tenderer"], "identifier": {"scheme": "CN-USCC", "id": "91"}},
            {"id": "B", "name": "学校", "roles": ["buyer"]},
        ]

        [supplier] = rows("supplier", parties=parties, **bids({"id": "b", "tenderers": [{"id": "S"}]}))

        assert (supplier["supplier_id"], supplier["name"], supplier["uscc"]) == ("S", "甲公司", "91")

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        "tender bids details awards contracts buyer id value amount currency date items suppliers "
                        "tenderers lots tenderPeriod startDate status "
                        "parties roles classification unit identifier documents".split()
                    ),
                    inner,
                    max_size=6,
                )
            ),
            max_leaves=30,
        )
    )
    def test_never_stumbles_over_odd_shapes(self, value: Any) -> None:
        odd = {
            **(
                value if isinstance(value, dict) else {"tender": value, "awards": [value], "bids": {"details": [value]}}
            ),
            "ocid": "o",
        }

        found = flatten(odd, line=1, unit_id=None, source="a")

        assert len(found["tender"]) == 1
