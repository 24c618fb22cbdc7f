"""Units, people, posts, appointments, accounts and declared relationships."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qingqu.kernel.org.types import Role


class UnitKind(models.TextChoices):
    """What a unit is."""

    DISTRICT = "DISTRICT", _("区级机关")
    OFFICE = "OFFICE", _("科室")
    KINDERGARTEN = "KINDERGARTEN", _("幼儿园")
    PRIMARY = "PRIMARY", _("小学")
    JUNIOR = "JUNIOR", _("初中")
    SENIOR = "SENIOR", _("高中")
    VOCATIONAL = "VOCATIONAL", _("中等职业学校")
    SPECIAL = "SPECIAL", _("特殊教育学校")
    DEPARTMENT = "DEPARTMENT", _("校内部门")
    CLASS = "CLASS", _("班级")


class Unit(models.Model):
    """A unit of the tree, of any depth.

    ``path`` is "/" + the ids from the root to the unit, each followed by "/": scope is a prefix of it.
    """

    code = models.CharField(_("单位代码"), max_length=40, unique=True)
    name = models.CharField(_("单位名称"), max_length=120)
    kind = models.CharField(_("单位类型"), max_length=20, choices=UnitKind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=400, unique=True, null=True)  # noqa: DJ001 - null only until the id is known
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    class Meta:
        """Lists by name within a parent."""

        indexes = (models.Index(fields=("parent", "code"), name="unit_parent"),)

    def __str__(self) -> str:
        """The unit's name."""
        return self.name


class Person(models.Model):
    """A member of staff, known by a staff number inside the district."""

    number = models.CharField(_("工号"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people", verbose_name=_("所在单位"))
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_party_member = models.BooleanField(_("中共党员"), default=False)
    left_on = models.DateField(_("离职日期"), null=True, blank=True)

    class Meta:
        """Lists by unit."""

        indexes = (
            models.Index(fields=("unit", "number"), name="person_unit"),
            models.Index(fields=("name",), name="person_name", opclasses=("varchar_pattern_ops",)),
        )

    def __str__(self) -> str:
        """The person's name."""
        return self.name


class Post(models.Model):
    """A seat in a unit: who sits in it changes, what it answers for stays."""

    code = models.CharField(_("岗位代码"), max_length=60, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", verbose_name=_("单位"))
    title = models.CharField(_("岗位名称"), max_length=60)
    role = models.CharField(_("角色"), max_length=20, choices=[(role.value, role.value) for role in Role])
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        """Lists by unit and role."""

        indexes = (models.Index(fields=("unit", "role"), name="post_unit_role"),)

    def __str__(self) -> str:
        """The post's title."""
        return self.title


class Appointment(models.Model):
    """Who holds a post, from when to when (both days included); one present holder a post."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        """One open appointment a post; an end is never before the start."""

        constraints = (
            models.UniqueConstraint(fields=("post",), condition=Q(ends_on__isnull=True), name="one_holder_a_post"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="appointment_ends_after_start"
            ),
        )
        indexes = (models.Index(fields=("person", "starts_on"), name="appointment_person"),)

    def __str__(self) -> str:
        """Post and person ids."""
        return f"{self.post_id}:{self.person_id}"


class Relationship(models.Model):
    """A relationship a person declared: to another member of staff or to a supplier."""

    class OtherKind(models.TextChoices):
        """What the other party is."""

        PERSON = "PERSON", _("本系统人员")
        SUPPLIER = "SUPPLIER", _("供应商")

    class Kind(models.TextChoices):
        """How they are related."""

        SPOUSE = "SPOUSE", _("配偶")
        LINEAL = "LINEAL", _("直系血亲")
        COLLATERAL = "COLLATERAL", _("三代以内旁系血亲")
        AFFINITY = "AFFINITY", _("近姻亲")
        EMPLOYMENT = "EMPLOYMENT", _("劳动关系")
        SHARES = "SHARES", _("持股或任职")
        OTHER = "OTHER", _("其他利害关系")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    other_kind = models.CharField(max_length=10, choices=OtherKind)
    other_id = models.CharField(max_length=60)
    other_name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    declared_on = models.DateField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        """A lasting relationship is declared once; found from both ends."""

        constraints = (
            models.UniqueConstraint(
                fields=("person", "other_kind", "other_id", "kind"),
                condition=Q(ends_on__isnull=True),
                name="relationship_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="relationship_ends_after_start",
            ),
        )
        indexes = (
            models.Index(fields=("other_kind", "other_id"), name="relationship_other"),
            models.Index(fields=("declared_on", "id"), name="relationship_declared"),
            models.Index(fields=("person", "declared_on", "id"), name="relationship_person"),
        )

    def __str__(self) -> str:
        """Both ends."""
        return f"{self.person_id}-{self.other_kind}:{self.other_id}"


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts; reads each with its person, which every request asks for."""

    def get_queryset(self) -> models.QuerySet["Account"]:
        """Accounts with their persons in the same query."""
        return super().get_queryset().select_related("person")

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "Account":
        """A new account with a hashed password; without one it cannot sign in by password."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A sign-in. What it may do follows from its person's posts today, never from the account.

    ``first_password_until`` is set while the password is a one-time one given by an administrator: it must be
    changed before anything else, and no longer signs in after that moment.
    """

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="account")
    is_active = models.BooleanField(default=True)
    first_password_until = models.DateTimeField(null=True, blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    def __str__(self) -> str:
        """The user name."""
        return self.username


class SignInTries(models.Model):
    """How often sign-in was tried lately under one key: a keyed hash of a user name, or of a known device.

    Holds no name, no address and no device description; rows are deleted when their window ends.
    """

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        """The number of tries."""
        return str(self.tries)


class Setting(models.Model):
    """A local value of the rules: what it is, for which unit and everything below it, from which day."""

    key = models.CharField(_("参数"), max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="settings", verbose_name=_("适用单位"))
    value = models.CharField(_("取值"), max_length=200)
    valid_from = models.DateField(_("生效日期"))
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        """One value a key, unit and day."""

        constraints = (models.UniqueConstraint(fields=("key", "unit", "valid_from"), name="setting_once"),)

    def __str__(self) -> str:
        """Key and value."""
        return f"{self.key}={self.value}"


class ImportDraft(models.Model):
    """An uploaded workbook between its trial and its import; one an account, thrown away afterwards."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="import_draft")
    content = models.BinaryField()
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        """When it was uploaded."""
        return self.uploaded_at.isoformat()
