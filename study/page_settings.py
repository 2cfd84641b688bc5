"""The settings that say who reaches the page, and how they are let in."""

from ipaddress import ip_address
from typing import Annotated

from pydantic import Field

OpenWithoutPassword = Annotated[
    bool,
    Field(
        description="On this machine alone and as long as nobody has a password: the page opens "
        "for the coder of these settings without signing in."
    ),
]
Host = Annotated[
    str,
    Field(
        min_length=1,
        description="Address at which the page listens; other than this machine's own only once "
        "somebody has a password and it is encrypted (the two settings below, or page_address).",
    ),
]
Certificate = Annotated[
    str,
    Field(
        description="PEM file with the page's certificate, relative to the study; empty: no "
        "encryption by the page itself."
    ),
]
CertificateKey = Annotated[
    str, Field(description="PEM file with the key of page_certificate, relative to the study.")
]
Address = Annotated[
    str,
    Field(
        pattern=r"^(https://[^/\s?#@]+/?)?$",
        description="The https:// address at which people reach the page through a proxy of yours "
        "that encrypts; what it forwards is believed from this machine only.",
    ),
]


def is_loopback(host: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
