"""The addresses of signing in, of what waits for me, and of drawing up a plan."""

from django.urls import URLPattern

plan_routes: list[URLPattern] = []
