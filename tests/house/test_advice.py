"""What the documents advise is what the tests run with."""

from tests.house.tree import ROOT
from tests.site.scale import ON_SSD


class TestAdviceOnPostgreSQL:
    def test_is_the_setting_under_which_the_lists_are_measured(self) -> None:
        told = (ROOT / "docs/how-to/run-in-production.md").read_text(encoding="utf-8")
        assert f"SET {ON_SSD}" in told
