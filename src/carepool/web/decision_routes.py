"""The addresses of deciding on a plan, of its money, and of its public page."""

from django.urls import URLPattern

decision_routes: list[URLPattern] = []
