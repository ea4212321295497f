"""What a page answers a program, taken as it is: the API has no second truth."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from carepool.web.api.problems import Stopped, said


def of_page(answer: HttpResponse) -> Any:
    """What the JSON of a page holds. Stopped where the page says that the question cannot be used."""
    if answer.status_code != HTTPStatus.OK:
        raise Stopped(HTTPStatus(answer.status_code), *said(answer))
    return json.loads(answer.content)
