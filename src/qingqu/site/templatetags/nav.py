"""Menu links that say which one is open."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_link(context: dict[str, Any], name: str, label: str) -> SafeString:
    """A link to the route ``name``; marked as the current page on it and on the pages below it."""
    address = reverse(name)
    path = context["request"].path
    is_open = path == address or (address.count("/") > 2 and path.startswith(address))  # noqa: PLR2004 - "/work/" is everybody's root
    current = format_html(' aria-current="{}"', "page") if is_open else ""
    return format_html('<a href="{}"{}>{}</a>', address, current, label)
