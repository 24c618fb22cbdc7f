"""What the account library asks us: no public sign-up, slow guessing, first passwords."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from qingqu.kernel.core.clock import now
from qingqu.kernel.org import devices, operations
from qingqu.kernel.org.models import Account


class Adapter(DefaultAccountAdapter):
    """The rules of sign-in; the library keeps its pages and its second factors."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: accounts are opened by administrators, and the page does not exist. Raises Http404."""
        del request
        raise Http404

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Count the try before the password is looked at; refuse it when the device has used up its tries.

        The message is the same for a user name that exists and one that does not.
        """
        self._device = devices.device_of(request, str(credentials.get("username", "")))
        if not operations.take_try(self._device.key, at=now()):
            raise ValidationError(
                _("尝试次数过多，请在 15 分钟后再试；已登录过的常用设备不受影响。"), code="too_many_login_attempts"
            )

    def authenticate(self, request: HttpRequest, **credentials: str) -> AbstractBaseUser | None:
        """The account with this user name and password; None when there is none.

        Raises ValidationError when tries are used up, or when a first password has expired.
        """
        account = super().authenticate(request, **credentials)
        if not isinstance(account, Account):
            return None
        operations.return_try(self._device.key)
        if account.first_password_until is not None and account.first_password_until < now():
            raise ValidationError(_("首次登录密码已过期，请联系管理员重置。"), code="first_password_expired")
        return account

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **options: object) -> HttpResponse:
        """Go on to the page asked for; from here on the device is known."""
        response: HttpResponse = super().post_login(request, user, **options)
        devices.remember(request, response, user.get_username())
        return response

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """The password when it may be used. Raises ValidationError for a weak one and for the present one."""
        cleaned: str = super().clean_password(password, user)
        if user is not None and user.pk and user.check_password(cleaned):
            raise ValidationError(_("新密码不能与当前密码相同。"), code="same_as_current")
        return cleaned

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Store the password its owner chose."""
        if not isinstance(user, Account):
            raise TypeError(type(user))
        operations.change_password(account=user, password=password, at=now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where a changed password leads: to the workbench."""
        del request
        return reverse("workbench:home")
