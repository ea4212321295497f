"""Django's settings for the fund's service, made from the environment by ``Config``."""

from carepool.signin.terms import Terms
from carepool.wiring.config import Config
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

CONFIG: Config = Config.from_environment()
SIGN_IN = Terms(
    production=CONFIG.production,
    second_factor=CONFIG.second_factor_required,
    providers=providers_of(CONFIG),
    proxies=CONFIG.proxies,
    address=CONFIG.address,
    pace_file=CONFIG.home / "pace",
    pace_of_address=CONFIG.api_per_address,
    pace_of_token=CONFIG.api_per_token,
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
    "carepool.web",
]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
MIDDLEWARE = [
    "carepool.wiring.headers.ContentSecurityPolicy",  # first, so that files and every refusal bear it too
    "carepool.wiring.middleware.NotTooLarge",  # before the forms' tokens, which are read with all that is sent
    "carepool.wiring.headers.NoNullCharacters",  # before sessions, which ask the database by a cookie
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "carepool.wiring.middleware.ForPrograms",  # before the forms' tokens, which no program has
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "carepool.wiring.middleware.TheHouse",
    "carepool.wiring.middleware.SecondFactorFirst",
]
ROOT_URLCONF = "carepool.web.urls"
# A browser keeps a cookie of this prefix only if it is secure, of this host alone and for every path: no neighbour
# under the same domain can set one in its place.
_PREFIX = "__Host-" if CONFIG.production else ""
# What comes in the clear all the same, past the proxy, is led to where it is encrypted, and answered nothing else.
SECURE_SSL_REDIRECT = CONFIG.production
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if CONFIG.production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = CONFIG.production
SESSION_COOKIE_NAME = f"{_PREFIX}carepool_fund_session"
SESSION_COOKIE_SECURE = CONFIG.production
CSRF_COOKIE_NAME = f"{_PREFIX}carepool_fund_csrf"
CSRF_COOKIE_SECURE = CONFIG.production
CSRF_FAILURE_VIEW = "carepool.web.signing_in.csrf_failed"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "no_tokens": {"()": "carepool.wiring.logs.WithoutTokens"},
        "lines": {"()": "carepool.wiring.logs.Lines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "lines" if CONFIG.logs_requests else "no_tokens",
        }
    },
    "loggers": {"carepool.requests": {"level": "INFO"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
