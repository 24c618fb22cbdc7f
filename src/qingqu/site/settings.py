"""Django settings. What an installation may change comes from QINGQU_* variables (docs/reference/settings.md)."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from qingqu.site import environment

HERE = Path(__file__).resolve().parent

DEBUG = environment.flag("QINGQU_DEBUG")
SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = environment.allowed_hosts()
QINGQU_HOME = environment.home()
QINGQU_MART = QINGQU_HOME / "mart"
QINGQU_DEMO = environment.flag("QINGQU_DEMO")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_cotton",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "django_vite",
    "qingqu.kernel.core",
    "qingqu.kernel.ledger",
    "qingqu.kernel.org",
    "qingqu.kernel.duties",
    "qingqu.kernel.files",
    "qingqu.kernel.notices",
    "qingqu.kernel.publications",
    "qingqu.kernel.draws",
    "qingqu.deployments",
    "qingqu.pillars.leads",
    "qingqu.pillars.petitions",
    "qingqu.pillars.rectification",
    "qingqu.pillars.audit",
    "qingqu.pillars.cases",
    "qingqu.insight",
    "qingqu.portal",
    "qingqu.workbench",
    "qingqu.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qingqu.kernel.org.middleware.ActorMiddleware",
]

ROOT_URLCONF = "qingqu.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "qingqu.site.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
WSGI_APPLICATION = "qingqu.site.wsgi.application"

DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "org.Account"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workbench:home"
LOGOUT_REDIRECT_URL = "portal:home"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = QINGQU_HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": QINGQU_HOME / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": HERE / "static" / "build" / "manifest.json",
        "static_url_prefix": "build",
    }
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = environment.flag("QINGQU_HTTPS")
SECURE_SSL_REDIRECT = environment.flag("QINGQU_HTTPS")
SECURE_HSTS_SECONDS = 31_536_000 if environment.flag("QINGQU_HTTPS") else 0
CSRF_FAILURE_VIEW = "qingqu.site.pages.unproven"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

ACCOUNT_ADAPTER = "qingqu.kernel.org.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Guessing is slowed by kernel.org.operations.tries, without addresses; "login_failed" is left for second factors.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key", "change_password": "10/m/user"}
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers offer passkeys over HTTPS only, and on "localhost", where a trial runs without it.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not environment.flag("QINGQU_HTTPS")
MFA_TOTP_ISSUER = _("清渠")

globals().update(environment.mail())
MAIL_IS_SET = bool(environment.mail())
QINGQU_ADDRESS = os.environ.get("QINGQU_ADDRESS", "")
QINGQU_KEYS = Path(os.environ.get("QINGQU_KEYS") or QINGQU_HOME / "keys")
QINGQU_LOG = Path(os.environ.get("QINGQU_LOG") or QINGQU_HOME / "log")
QINGQU_LOG_ORIGIN = environment.log_origin()
QINGQU_LOG_POLICY = os.environ.get("QINGQU_LOG_POLICY", "")
QINGQU_PROMISE_HOURS = environment.merge_delay_hours()
QINGQU_CRYPTO_PROFILE = environment.crypto_profile()
QINGQU_TSA_URL, QINGQU_TSA_CERTIFICATE = environment.tsa()
QINGQU_FONTS = os.environ.get("QINGQU_FONTS", "")
QINGQU_FILE_MAX_BYTES = environment.number("QINGQU_FILE_MAX_BYTES", 20 * 1024 * 1024)
QINGQU_RECTIFICATION_CALENDAR_DAYS = environment.number("QINGQU_RECTIFICATION_CALENDAR_DAYS", 60)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "qingqu": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
