"""A client in a process of its own: posts messages over several connections at once.

python -m benchmarks.posting PORT CONNECTIONS < messages     (JSON lines: path, headers, body)

Writes one JSON line: how long it took, and how often each status came.
"""

import http.client
import json
import sys
import threading
import time
from collections import Counter


def main():
    """Post what comes on standard input."""
    port, connections = map(int, sys.argv[1:])
    messages = [json.loads(line) for line in sys.stdin]
    shares = [messages[number::connections] for number in range(connections)]
    seen = [Counter() for _share in shares]
    threads = [
        threading.Thread(target=_post, args=(port, share, counter))
        for share, counter in zip(shares, seen, strict=True)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "statuses": sum(seen, Counter())}))


def _post(port, messages, counter):
    for path, headers, body in messages:
        # Odoo closes the connection after each answer
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", path, body=body.encode(), headers=headers)
            counter[connection.getresponse().status] += 1
        except OSError as error:
            counter[type(error).__name__] += 1
        finally:
            connection.close()


if __name__ == "__main__":
    main()
