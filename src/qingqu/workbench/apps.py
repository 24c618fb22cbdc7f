"""The workbench package as Django sees it."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Staff home: my to-dos, school and district boards."""

    name = "qingqu.workbench"
    label = "workbench"
