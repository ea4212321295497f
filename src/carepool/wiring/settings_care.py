"""Django's settings for the person wing's service: its own database, key, cookies and accounts, and nothing of the fund's."""

from pathlib import Path

import carepool
from carepool.signin.terms import Terms
from carepool.wiring.config import Config
from carepool.wiring.config_care import care_config
from carepool.wiring.providers import providers_of
from carepool.wiring.settings_shared import (  # noqa: F401  (Django reads them from here)
    APPEND_SLASH,
    AUTH_PASSWORD_VALIDATORS,
    AUTH_USER_MODEL,
    AUTHENTICATION_BACKENDS,
    CSRF_COOKIE_HTTPONLY,
    CSRF_COOKIE_SAMESITE,
    DEFAULT_AUTO_FIELD,
    LANGUAGE_CODE,
    LOGIN_URL,
    PASSWORD_HASHERS,
    SECURE_CONTENT_TYPE_NOSNIFF,
    SECURE_REFERRER_POLICY,
    SESSION_COOKIE_AGE,
    SESSION_COOKIE_HTTPONLY,
    SESSION_COOKIE_SAMESITE,
    STATIC_URL,
    TEMPLATES,
    TIME_ZONE,
    USE_TZ,
    WHITENOISE_MAX_AGE,
    WHITENOISE_USE_FINDERS,
    X_FRAME_OPTIONS,
)

CONFIG: Config = care_config()
SIGN_IN = Terms(
    production=CONFIG.production,
    second_factor=CONFIG.second_factor_required,
    providers=providers_of(CONFIG),
    proxies=CONFIG.proxies,
    address=CONFIG.address,
)

SECRET_KEY = CONFIG.secret_key()
DEBUG = False
ALLOWED_HOSTS = list(CONFIG.hosts)
DATABASES = CONFIG.databases()
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "carepool.signin",
    "carepool.store",
    "carepool.care.store",
]
MIDDLEWARE = [
    "carepool.wiring.headers.ContentSecurityPolicy",
    "carepool.wiring.headers.NoNullCharacters",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "carepool.wiring.middleware_care.NothingKept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "carepool.wiring.middleware_care.TheWing",
    "carepool.wiring.middleware_care.SecondFactorFirst",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a plan of many services is one form
ROOT_URLCONF = "carepool.care.web.urls"
# The design's own files, which say nothing of the fund.
STATICFILES_DIRS = [Path(carepool.__file__).parent / "web" / "static"]
_PREFIX = "__Host-" if CONFIG.production else ""
# What comes in the clear all the same, past the proxy, is led to where it is encrypted, and answered nothing else.
SECURE_SSL_REDIRECT = CONFIG.production
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if CONFIG.production else 0
SESSION_COOKIE_NAME = f"{_PREFIX}carepool_care_session"
SESSION_COOKIE_SECURE = CONFIG.production
CSRF_COOKIE_NAME = f"{_PREFIX}carepool_care_csrf"
CSRF_COOKIE_SECURE = CONFIG.production
CSRF_FAILURE_VIEW = "carepool.care.web.problems.csrf_failed"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"no_people": {"()": "carepool.wiring.logs.WithoutPeople"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "no_people"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
