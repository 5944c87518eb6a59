"""Asks the host as a page does, and knows which answers are in order."""

import collections
import http.client
import json
import socket

from processes import TOKEN

# Refusals that may come at any time under load: what was asked for is gone by then, was changed by another one, or waits
# behind others. 503 is one of them only while the plugin is away.
TIMELY = {404, 409, 410, 429, 504}


class Wrong(AssertionError):
    pass


class Client:
    """One connection, kept as long as the host keeps it. For one thread."""

    def __init__(self, port, bearer=TOKEN):
        self.port = port
        self.bearer = bearer
        self.connection = None
        self.refused = collections.Counter()  # why, by status and title

    def ask(self, method, path, body=None, headers=()):
        """Status, headers and body. A connection that was kept and is closed by now is opened anew once."""
        sent = {'Authorization': f'Bearer {self.bearer}', 'Accept-Encoding': 'gzip', **dict(headers)}
        if body is not None:
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent['Content-Type'] = 'application/json'
        for again in (True, False):
            kept = self.connection is not None
            if not kept:
                self.connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=120)
            try:
                self.connection.request(method, path, body, sent)
                answer = self.connection.getresponse()
                return answer.status, answer.headers, answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                self.close()
                if not (kept and again and method in ('GET', 'HEAD')) and not (kept and again and path == '/api/read'):
                    raise
            except BaseException:
                self.close()
                raise

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def json(self, method, path, body=None, good=(200,), refusals=TIMELY):
        """The answer as JSON; None for a refusal that is in order, which says why in words."""
        status, headers, text = self.ask(method, path, body)
        where = f'{method} {path} {json.dumps(body)[:300]}: {status} {text[:600]!r}'
        if status in good:
            return json.loads(text) if text else {}
        if status not in refusals:
            raise Wrong(where)
        if 'application/problem+json' not in headers.get('Content-Type', ''):
            raise Wrong(f'a refusal that is no problem: {where}')
        problem = json.loads(text)
        if not problem.get('title') or not problem.get('detail'):
            raise Wrong(f'a refusal without words: {where}')
        self.refused[f'{status} {problem["title"]}'] += 1
        return None


def raw(port, data, most=65536):
    """What comes back for these bytes, until the host closes or answers."""
    with socket.create_connection(('127.0.0.1', port), timeout=120) as link:
        link.sendall(data)
        link.shutdown(socket.SHUT_WR)
        got = b''
        while len(got) < most:
            part = link.recv(65536)
            if not part:
                break
            got += part
        return got


class Events:
    """One event stream of the host, read as it comes."""

    def __init__(self, port):
        self.link = socket.create_connection(('127.0.0.1', port), timeout=120)
        self.link.sendall(f'GET /api/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n'.encode())
        self.lines = self.link.makefile('rb')
        status = self.lines.readline().decode()
        if ' 200 ' not in status:
            raise Wrong(f'no stream: {status}')
        while self.lines.readline().strip():
            pass
        name, data = self.next()
        if name != 'open':
            raise Wrong(f'a stream that begins with {name}')
        self.id = data['stream']

    def next(self):
        """Name and data of the next event, ('', None) for a sign of life, None at the end."""
        name = None
        for line in self.lines:
            line = line.decode().rstrip('\r\n')
            if line.startswith(':'):
                return '', None
            if line.startswith('event: '):
                name = line[7:]
            elif line.startswith('data: ') and name:
                return name, json.loads(line[6:])
        return None

    def close(self):
        self.lines.close()
        self.link.close()
