"""The one-way street where a linter of imports cannot see it: foreign keys, and rooms that are private."""

import grimp
import pytest
from django.apps import apps
from django.db.models import Field, ForeignKey, ManyToManyField, Model

from qingqu.site.reference import STREET

PRIVATE = {"models", "pages", "api", "forms", "tasks"}
PILLARS_FIRST = {"cases": 0, "leads": 2, "rectification": 2}
"""Inside the pillars: cases above the eight, leads and rectification below them."""


def height(module: str) -> tuple[int, int]:
    """How low a module's package lies on the street; larger is lower."""
    inside = module.removeprefix("qingqu.")
    line = max((line for line in STREET if f"{inside}.".startswith(f"{line}.")), key=len)
    order = PILLARS_FIRST.get(inside.split(".")[1], 1) if line == "pillars" else 0
    return STREET.index(line), order


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("qingqu.")]


def references() -> list[tuple[type[Model], Field]]:
    return [
        (model, field)
        for model in our_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
        if isinstance(field, ForeignKey | ManyToManyField)
    ]


class TestForeignKeys:
    def test_point_to_the_same_or_a_lower_layer(self) -> None:
        upward = [
            f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
            for model, field in references()
            if field.related_model.__module__.startswith("qingqu.")
            and height(field.related_model.__module__) < height(model.__module__)
        ]
        assert upward == []

    def test_never_leave_the_ledger(self) -> None:
        beyond = [
            f"{model.__name__}.{field.name}"
            for model, field in references()
            if model._meta.app_label == "ledger" and field.related_model._meta.app_label != "ledger"
        ]
        assert beyond == []


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
class TestModel:
    def test_has_no_order_of_its_own(self, model: type[Model]) -> None:
        assert not model._meta.ordering, "order where the list is read, by indexed columns ending in id"

    def test_leaves_saving_alone(self, model: type[Model]) -> None:
        assert "save" not in vars(model), "operations write; a model's save does not decide"


def package_of(module: str) -> str:
    """The package a module belongs to: two names deep in kernel, pillars and engines, one elsewhere."""
    parts = module.split(".")
    return ".".join(parts[: 3 if parts[1:2] and parts[1] in {"kernel", "pillars", "engines"} else 2])


def test_private_rooms_are_entered_only_by_their_own_package_and_the_site() -> None:
    graph = grimp.build_graph("qingqu", exclude_type_checking_imports=True)
    entered = []
    for module in sorted(graph.modules):
        package = package_of(module)
        room = module.removeprefix(package + ".").partition(".")[0]
        # Rows may be read as types by packages above; their doors may not be used.
        if room in PRIVATE - {"models"}:
            importers = graph.find_modules_that_directly_import(module)
            entered += [
                f"{one} -> {module}" for one in sorted(importers) if package_of(one) not in {package, "qingqu.site"}
            ]
    assert entered == []
