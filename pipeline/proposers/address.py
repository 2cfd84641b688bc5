"""Where a proposer may send interview text: this machine, unless a study says otherwise."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from study.errors import StudyError

PORTS = {"http": 80, "https": 443}
CHAT = "/chat/completions"


@dataclass(frozen=True)
class Address:
    """The parts of an address that was found fit to send to."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def name(self) -> str:
        """Host and port, for messages and for what a model version says of itself."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def check_address(url: str, *, may_be_remote: bool) -> Address:
    """Take an address apart; no name but `localhost` is looked up unless others are allowed.

    Raises:
        StudyError: There is none, it is none of http or https, or it is not of this machine.
    """
    if not url:
        raise StudyError(
            "The proposer 'endpoint' has no address. Set 'endpoint_url' in study.toml, such as "
            "http://127.0.0.1:8080/v1."
        )
    address = _take_apart(url)
    if address is None:
        raise StudyError(
            "'endpoint_url' is not an address of the form http://host:port/path. Mend it in "
            "study.toml."
        )
    if not may_be_remote and not is_loopback(address):
        raise StudyError(
            f"'endpoint_url' names {address.name}, which is not this machine: interview text would "
            "leave it. Name a loopback address, or set 'endpoint_allow_remote' to true in "
            "study.toml if the study may send it there."
        )
    return address


def is_loopback(address: Address) -> bool:
    """Tell whether an address is of this machine, whatever the network says."""
    if address.host == "localhost":
        found = _resolve(address)
        return bool(found) and all(ipaddress.ip_address(each).is_loopback for each in found)
    try:
        return ipaddress.ip_address(address.host).is_loopback
    except ValueError:
        # A name may lead anywhere, tomorrow elsewhere than today.
        return False


def _take_apart(url: str) -> Address | None:
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None
    if scheme not in PORTS or not host or parts.username is not None:
        return None
    path = parts.path.rstrip("/")
    return Address(
        scheme, host, port or PORTS[scheme], path if path.endswith(CHAT) else path + CHAT
    )


def _resolve(address: Address) -> list[str]:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    # A zone may follow an IPv6 address.
    return [str(each[4][0]).partition("%")[0] for each in found]
