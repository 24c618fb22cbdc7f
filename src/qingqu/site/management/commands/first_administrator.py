"""``qingqu manage first_administrator``: the first unit, post and account of an empty installation."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from qingqu.kernel.core.clock import local_date, now
from qingqu.kernel.org import operations as org
from qingqu.kernel.org.models import Person, Unit
from qingqu.kernel.org.types import Role


class Command(BaseCommand):
    """Opens the door of a new installation; refuses when there is a unit already."""

    help = "建立第一个单位和系统管理员 / make the first unit and administrator"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What must be said: the district's office and who administers the system."""
        parser.add_argument("--unit", required=True, help="教育局名称 / name of the education office")
        parser.add_argument("--code", required=True, help="单位代码 / its code")
        parser.add_argument("--person", required=True, help="管理员姓名 / the administrator's name")
        parser.add_argument("--number", required=True, help="工号 / staff number")
        parser.add_argument("--username", required=True, help="用户名 / user name")

    @transaction.atomic
    def handle(self, *_args: object, **options: Any) -> None:
        """Make unit, person, post and account; print the first password, which must be changed at sign-in."""
        if Unit.objects.exists():
            message = "已有单位，请由系统管理员开通账号。 / there are units already; ask an administrator"
            raise CommandError(message)
        at = now()
        unit = org.add_unit(code=options["code"], name=options["unit"], kind="DISTRICT", parent=None, at=at)
        person = Person.objects.create(number=options["number"], name=options["person"], unit=unit)
        post = org.add_post(
            code=f"{unit.code}.ADMINISTRATOR", unit=unit, title="系统管理员", role=Role.ADMINISTRATOR, at=at
        )
        org.appoint(post=post, person=person, starts_on=local_date(at), at=at)
        password = org.make_first_password()
        org.open_account(person=person, username=options["username"], password=password, at=at, is_first_password=True)
        self.stdout.write(f"首次登录密码 / first password: {password}")
