"""Which addresses the desk may call: what a name of a server must not lead to.

Whoever writes an address into a form must not reach, through this server, what only this server
can reach: itself, its neighbours, or the service that hands out the cloud's own passwords.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

# Never called, not even where private addresses are allowed: nobody serves the desk there.
NEVER = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "169.254.0.0/16",  # link-local; the metadata of most clouds
        "192.0.0.0/24",  # protocol assignments; the metadata of one cloud
        "192.88.99.0/24",  # relays from IPv6
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "100.100.100.200/32",  # the metadata of one cloud
        "168.63.129.16/32",  # the same of another, a public address though it is
        "::/128",  # unspecified
        "::ffff:0:0/96",  # IPv4 written as IPv6
        "::ffff:0:0:0/96",  # the same, translated
        "64:ff9b::/96",  # IPv4 behind NAT64
        "64:ff9b:1::/48",  # the same, local
        "2001::/32",  # IPv4 behind Teredo
        "2002::/16",  # IPv4 behind 6to4
        "fe80::/10",  # link-local
        "fec0::/10",  # site-local
        "ff00::/8",  # multicast
        "fd00:ec2::/32",  # the metadata of clouds
        "fd00:c1::/32",
        "fd00:42::/32",
        "fd20:ce::/32",
    )
]
# Called only where an administrator allows private addresses.
PRIVATE = [
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
]
# All that was given to anybody so far.
UNICAST6 = ipaddress.ip_network("2000::/3")
# Services below 1024 do not speak HTTP, but some carry out what they can read of it.
LOW_PORTS = {80, 443}
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", re.ASCII)
# A name whose last part is a number is an address in disguise: 2130706433, 0x7f.1, 127.1
DISGUISED = re.compile(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)", re.ASCII)
URL_LENGTH = 2000


class Refused(Exception):
    """The address must not be called; the text says why, in English."""


@dataclass(frozen=True)
class Target:
    """An address taken apart, as it is called."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self):
        """The server as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


def parse(url, allow_http=False):
    """Take an address apart, strictly: two readers must not take it for two different servers.

    :raise Refused: with the reason
    """
    url = url or ""
    if not url or len(url) > URL_LENGTH:
        raise Refused("it is empty or too long")
    if not url.isascii() or not url.isprintable() or any(one in url for one in ' \\"<>^`{|}'):
        raise Refused("it has a character that addresses do not have")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(f"it cannot be read: {error}") from error
    if parts.scheme not in ("https", "http"):
        raise Refused("it does not begin with https://")
    if parts.scheme == "http" and not allow_http:
        raise Refused("it is not encrypted: use https")
    if "@" in parts.netloc:
        raise Refused("it carries a name or password: use a header")
    port = port if port is not None else {"https": 443, "http": 80}[parts.scheme]
    if port not in LOW_PORTS and port < 1024:
        raise Refused(f"port {port} is not one of the web")
    path = parts.path or "/"
    return Target(
        parts.scheme,
        _host(parts),
        port,
        f"{path}?{parts.query}" if parts.query else path,
    )


def _host(parts):
    host = (parts.hostname or "").lower()
    if "[" in parts.netloc:
        if "%" in host:
            raise Refused("it names an interface of this server")
        return str(_address(host))
    if host.endswith("."):
        host = host[:-1]
    if not HOST.fullmatch(host) or len(host) > 253:
        raise Refused("it names no server")
    if DISGUISED.fullmatch(host):
        # four decimal numbers without leading zeros, or nothing
        return str(_address(host))
    return host


def _address(text):
    try:
        return ipaddress.ip_address(text)
    except ValueError as error:
        raise Refused("it writes a number for a server in an odd way") from error


def refuse_address(text, allow_private=False):
    """Say why an IP address is not called; None if it may be."""
    address = ipaddress.ip_address(text)
    if _in(address, NEVER) or address.is_multicast:
        return f"{address} is no address of a server of others"
    if _in(address, PRIVATE):
        return None if allow_private else f"{address} is an address of a private network"
    # whatever else is set aside for special purposes, or will be
    if address.is_global and (address.version == 4 or address in UNICAST6):
        return None
    return f"{address} is an address for special purposes"


def _in(address, networks):
    return any(address.version == net.version and address in net for net in networks)
