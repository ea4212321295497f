"""Django's settings for the fund's service, made from the environment by ``Config``."""

from carepool.signin.terms import Terms
from carepool.wiring.config import Config
from carepool.wiring.providers import providers_of

CONFIG: Config = Config.from_environment()
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
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "carepool.signin",
    "carepool.store",
    "carepool.web",
]
AUTH_USER_MODEL = "signin.Account"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
LOGIN_URL = "/sign-in"
AUTHENTICATION_BACKENDS = ["carepool.signin.backends.Accounts"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("handle", "name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
MIDDLEWARE = [
    "carepool.wiring.middleware.ContentSecurityPolicy",  # first, so that files and every refusal bear it too
    "carepool.wiring.middleware.NoNullCharacters",  # before sessions, which ask the database by a cookie
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "carepool.wiring.middleware.TheHouse",
    "carepool.wiring.middleware.SecondFactorFirst",
]
ROOT_URLCONF = "carepool.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "OPTIONS": {"environment": "carepool.render.environment.environment"},
    }
]
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "Europe/London"
APPEND_SLASH = False
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
# A browser keeps a cookie of this prefix only if it is secure, of this host alone and for every path: no neighbour
# under the same domain can set one in its place.
_PREFIX = "__Host-" if CONFIG.production else ""
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if CONFIG.production else 0
SESSION_COOKIE_NAME = f"{_PREFIX}carepool_fund_session"
SESSION_COOKIE_HTTPONLY = True
# Lax and not Strict: who comes back from a provider of sign-in comes from another site.
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIG.production
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = f"{_PREFIX}carepool_fund_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = CONFIG.production
CSRF_COOKIE_SAMESITE = "Lax"
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
