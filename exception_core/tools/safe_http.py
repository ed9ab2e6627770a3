"""Calling an address that a person wrote into a form.

The name is resolved once, every address it leads to is checked, and the connection goes to one of
those that were checked: a name that leads elsewhere a moment later changes nothing. Redirects are
an answer like any other. All of it, from the look-up of the name to the last byte kept, has to fit
into one limit of time, so that neither a silent nor a dripping server holds anybody up. Only the
beginning of an answer is read, as it comes: nothing is unpacked.
"""

import http.client
import io
import queue
import socket
import ssl
import threading
import time
from dataclasses import dataclass

import certifi

from . import safe_address
from .safe_address import Refused

TIMEOUT_SECONDS = 10
# What is kept of an answer.
KEPT_BYTES = 2048

__all__ = ["Answer", "Broken", "NotSent", "Refused", "exchange"]


class NotSent(Exception):
    """The server was not reached: nothing was sent."""


class Broken(Exception):
    """The exchange ended before an answer was complete enough; something may have been sent."""


@dataclass(frozen=True)
class Answer:
    """What the server said: ``headers`` has lower-case names, ``text`` is the beginning."""

    status: int
    headers: dict
    text: str
    seconds: float


def exchange(
    method,
    url,
    body=b"",
    headers=None,
    *,
    timeout=TIMEOUT_SECONDS,
    allow_private=False,
    allow_http=False,
    kept=KEPT_BYTES,
):
    """Send one request and return the beginning of its answer.

    :param bytes body: as it is sent
    :param dict headers: besides those of HTTP itself
    :param float timeout: seconds for everything together
    :param bool allow_private: the server may stand in a private network
    :param bool allow_http: without encryption is fine
    :param int kept: how many bytes of the answer are read
    :raise Refused: when the address must not be called
    :raise NotSent: when it could not be reached
    :raise Broken: when it is not known whether it was received
    """
    target = safe_address.parse(url, allow_http)
    clock = _Clock(timeout)
    addresses = _resolve(target, clock, allow_private)
    connection = _Connection(target, addresses, clock)
    try:
        connection.connect()
        return _ask(connection, method, target, body, headers or {}, clock, kept)
    finally:
        connection.hang_up()


def _ask(connection, method, target, body, headers, clock, kept):
    own = {
        "Host": target.authority,
        "User-Agent": "exception-desk",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Length": str(len(body)),
    }
    names = {*map(str.lower, own), "transfer-encoding"}
    given = {name: value for name, value in headers.items() if name.lower() not in names}
    try:
        connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {**given, **own}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        content = response.read(kept)
    except ValueError:
        # the error quotes the header, which may be a secret
        raise Refused("a header has a character that headers do not have") from None
    except TimeoutError as error:
        raise Broken(f"no complete answer came within {clock.limit:g} seconds") from error
    except (OSError, http.client.HTTPException) as error:
        raise Broken(f"the connection broke: {_words(error)}") from error
    return Answer(
        response.status,
        {name.lower(): value for name, value in response.getheaders()},
        _text(content, response),
        clock.spent(),
    )


def _text(content, response):
    if response.getheader("Content-Encoding", "identity").lower() not in ("identity", ""):
        return "(compressed, not kept)"
    # PostgreSQL keeps no NUL
    return content.decode("utf-8", "replace").replace("\0", "")


def _words(error):
    # it may repeat what the server has sent
    said = getattr(error, "strerror", None) or str(error)
    words = "".join(one if one.isprintable() else "·" for one in said[:200])
    return words or type(error).__name__


class _Clock:
    """The time that is left for everything together."""

    def __init__(self, seconds):
        self.limit = seconds
        self._began = time.monotonic()

    def spent(self):
        return time.monotonic() - self._began

    def left(self):
        left = self.limit - self.spent()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left


# ----------------------------------------------------------------------
# names
# ----------------------------------------------------------------------


def _resolve(target, clock, allow_private):
    """Return the addresses of a server; all of them must be fine.

    One that is not among several that are would be reached by asking often enough.
    """
    answers = queue.Queue()

    def look_up():
        try:
            answers.put(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    # a resolver cannot be interrupted: whoever waits for it must be another
    threading.Thread(target=look_up, daemon=True, name="safe_http look-up").start()
    try:
        found = answers.get(timeout=clock.left())
    except (queue.Empty, TimeoutError):
        raise NotSent("the name of the server was not found in time") from None
    if isinstance(found, Exception) or not found:
        raise NotSent("there is no server of this name") from None
    for _family, _type, _proto, _name, address in found:
        if refusal := safe_address.refuse_address(address[0].partition("%")[0], allow_private):
            raise Refused(refusal)
    return [(family, address) for family, _type, _proto, _name, address in found]


# ----------------------------------------------------------------------
# connections
# ----------------------------------------------------------------------


class _Connection(http.client.HTTPConnection):
    """A connection to one of the addresses that were checked, in the name of the server."""

    def __init__(self, target, addresses, clock):
        super().__init__(target.host, target.port)
        self._target, self._addresses, self._clock = target, addresses, clock
        self._timed = None

    def connect(self):
        """Connect to the first address that answers."""
        problem = None
        for family, address in self._addresses:
            raw = socket.socket(family, socket.SOCK_STREAM)
            try:
                raw.settimeout(self._clock.left())
                raw.connect(address)
                self.sock = self._timed = _TimedSocket(self._secured(raw), self._clock)
                return
            except ssl.SSLError as error:
                raw.close()
                raise NotSent(f"it cannot be trusted: {_words(error)}") from error
            except OSError as error:
                raw.close()
                problem = error
        raise NotSent(f"the server cannot be reached: {_words(problem)}") from problem

    def hang_up(self):
        """Close the socket, whatever is left to read from it."""
        self.close()
        if self._timed:
            self._timed.hang_up()

    def _secured(self, raw):
        if self._target.scheme == "http":
            return raw
        raw.settimeout(self._clock.left())
        return tls_context().wrap_socket(raw, server_hostname=self._target.host)


def tls_context():
    """Return how servers prove who they are: by the usual authorities and those of this machine."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _TimedSocket:
    """A socket of which each read and write has no more time than is left for everything."""

    def __init__(self, sock, clock):
        self._sock, self._clock = sock, clock

    def sendall(self, data):
        """Send everything, whatever the pace at which it is taken."""
        view = memoryview(data)
        while view:
            self._sock.settimeout(self._clock.left())
            view = view[self._sock.send(view) :]

    def makefile(self, *_args, **_kwargs):
        """Return the stream that ``http.client`` reads the answer from."""
        return io.BufferedReader(_TimedReader(self._sock, self._clock))

    def close(self):
        """Keep the socket: ``http.client`` closes it before the answer is read."""

    def hang_up(self):
        """Close the socket."""
        self._sock.close()


class _TimedReader(io.RawIOBase):
    def __init__(self, sock, clock):
        super().__init__()
        self._sock, self._clock = sock, clock

    def readable(self):
        return True

    def readinto(self, buffer):
        self._sock.settimeout(self._clock.left())
        return self._sock.recv_into(buffer)
