"""What people do with the host, each kind of it in a thread of its own, over and over."""

import collections
import itertools
import random
import threading
import traceback
import uuid

from asking import TIMELY, Client, Events, Wrong, raw
from processes import TOKEN

PLUGIN = 'batch-view'
LIST = 'views/batches/lists/in-progress'
SECTIONS = ('causes', 'failed-jobs', 'retrying', 'course', 'log')


class Traffic:
    """Each kind of traffic as a loop, until told to stop. A wrong answer ends its loop and is kept.

    away: whether the plugin may be absent, which is then a good reason not to answer.
    moving: whether engines come and go; an export that reads from one that goes is broken off.
    """

    def __init__(self, port, engine='default'):
        self.port = port
        self.engine = engine
        self.away = self.moving = False
        self.wrong = []
        self.rounds = collections.Counter()  # done of each kind
        self.answered = collections.Counter()  # what came of a kind, by status
        self.refused = collections.Counter()
        self.runs = {}  # begun, by key
        self.polled = None
        self.ending = threading.Event()
        kinds = (self.read, self.read, self.watch, self.poll, self.export, self.ill_formed, self.act)
        self.kinds = sorted({kind.__name__ for kind in kinds})
        self.threads = [threading.Thread(target=self.loop, args=(kind, seed)) for seed, kind in enumerate(kinds)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def loop(self, kind, seed):
        chance = random.Random(seed)
        client = Client(self.port)
        client.refused = self.refused
        while not self.ending.is_set():
            try:
                kind(client, chance)
                self.rounds[kind.__name__] += 1
                self.ending.wait(0.02)
            except Exception:
                self.wrong.append(f'{kind.__name__}: {traceback.format_exc()}')
                return
        client.close()

    def went_round(self, times):
        """Waits until each kind was done so many times more; at once when something was wrong."""
        goal = {kind: self.rounds[kind] + times for kind in self.kinds}
        while not self.wrong and any(self.rounds[kind] < goal[kind] for kind in self.kinds):
            self.ending.wait(0.05)

    def ask(self, client, path, body, good=(200,)):
        away = self.away
        answer = client.json('POST', path, body, good, TIMELY | ({503} if away or self.away else set()))
        self.answered['good' if answer is not None else 'refused'] += 1
        return answer

    def question(self, at, **more):
        return {'plugin': PLUGIN, 'at': at, 'locale': 'en', 'zone': 'Europe/Berlin', **more}

    def batches(self, client, chance, **more):
        got = self.ask(client, '/api/read', self.question(LIST, page={'first': 0, 'size': 50}, **more))
        rows = got['rows'] if got else []
        chance.shuffle(rows)
        return rows

    def section(self, batch, name, **more):
        return self.question(f'views/details/sections/{name}', parent={'id': batch['id'], 'engine': batch['engine']},
                             engines=[batch['engine']], **more)

    # One page after the other, as somebody who looks around.
    def read(self, client, chance):
        for method, path, status in (('GET', '/', 200), ('HEAD', '/', 200), ('GET', '/healthz', 200), ('HEAD', '/api/runs', 200),
                                     ('GET', '/api/host', 200), ('GET', '/nowhere', 404)):
            got = client.ask(method, path)
            if got[0] != status or (method == 'HEAD' and got[2]):
                raise Wrong(f'{method} {path}: {got[0]} {got[2][:200]!r}')
        session = client.json('POST', '/api/session', {'token': TOKEN})
        client.bearer = session['session']
        client.json('GET', f'/api/plugins/{PLUGIN}', refusals={404} if self.away else set())
        self.ask(client, '/api/read', self.question('views/batches/lists/completed',
                                                    sort={'key': 'start', 'order': chance.choice(('asc', 'desc'))},
                                                    page={'first': chance.randrange(0, 60, 20), 'size': 20}))
        for batch in self.batches(client, chance)[:3]:
            row = {'id': batch['id'], 'engine': batch['engine']}
            self.ask(client, '/api/read', self.question('views/details', row=row, engines=[batch['engine']]))
            for name in SECTIONS:
                self.ask(client, '/api/read', self.section(batch, name))
            jobs = self.ask(client, '/api/read', self.section(batch, 'failed-jobs', page={'first': 0, 'size': 5}))
            for job in (jobs or {'rows': []})['rows'][:1]:
                self.ask(client, '/api/read', self.question('views/job', engines=[job['engine']],
                                                            row={'id': job['id'], 'engine': job['engine']}))

    # A tab: a stream, what is looked at over it, and on to something else.
    def watch(self, client, chance):
        stream = Events(self.port)
        try:
            batches = self.batches(client, chance)
            watches = [dict(self.question(LIST, page={'first': 0, 'size': 20}), key='list')]
            for number, batch in enumerate(batches[:2]):
                watches += [dict(self.section(batch, name), key=f'{name}-{number}') for name in SECTIONS]
            for part in (watches[:1], watches, watches[1::2], []):
                self.ask(client, f'/api/stream/{stream.id}', {'watch': part})
                self.until_update(stream, chance.randrange(1, 4) if part else 0)
        finally:
            stream.close()

    def until_update(self, stream, count):
        """So many updates, as long as something moves at all."""
        while count > 0 and not self.ending.is_set():
            event = stream.next()
            if event is None:
                raise Wrong('a stream ended by itself')
            if event[0] == '':
                return
            if event[0] == 'update':
                self.answered['updates'] += 1
                count -= 1

    # A tab whose stream a proxy holds back. A few rounds long, for the host keeps each for a while and has room for so many.
    def poll(self, client, chance):
        if self.rounds['poll'] % 8 == 0:
            self.polled = client.json('POST', '/api/poll', {})['stream']
        where = chance.choice((LIST, 'views/batches/lists/completed'))
        self.ask(client, f'/api/stream/{self.polled}', {'watch': [dict(self.question(where), key=where)]})
        status, _, text = client.ask('POST', f'/api/poll/{self.polled}', {})
        if status != 200 or b'event: ' not in text:
            raise Wrong(f'a poll: {status} {text[:200]!r}')

    # All pages of a list as a file; now and then somebody goes away in the middle of it.
    def export(self, client, chance):
        form = chance.choice(('csv', 'json'))
        got = self.ask(client, '/api/export', self.question('views/batches/lists/completed', format=form))
        if got is None:
            return
        path = f'/download/{got["ticket"]}'
        if chance.random() < 0.2:
            raw(self.port, f'GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n'.encode(), 200)
            return
        try:
            status, _, text = client.ask('GET', path)
        except Exception as error:  # broken off: the plugin or the engine went in the middle of it
            client.close()
            if not (self.away or self.moving):
                raise Wrong(f'a broken export: {error!r}') from error
            return
        if status != 200 and not (self.away and status in (404, 503)):
            raise Wrong(f'GET {path}: {status} {text[:200]!r}')

    def ill_formed(self, client, chance):
        head = f'Host: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {TOKEN}\r\n'
        typed = head + 'Content-Type: application/json\r\n'
        cases = (
            ('GET / HTTP/1.1\r\n\r\n', 400),
            (f'GET / HTTP/1.1\r\n{head}Host: evil.example\r\n\r\n', 400),
            ('GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n', 421),
            (f'GET /api/host HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n', 401),
            (f'POST /api/read HTTP/1.1\r\n{typed}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n', 411),
            (f'POST /api/read HTTP/1.1\r\n{typed}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}', 400),
            (f'POST /api/read HTTP/1.1\r\n{typed}Content-Length: 100000000\r\n\r\n{{', 413),
            (f'POST /api/read HTTP/1.1\r\n{typed}Content-Length: 1\r\n\r\n{{', 400),
            (f'POST /api/runs HTTP/1.1\r\n{typed}Origin: http://evil.example\r\nContent-Length: 2\r\n\r\n{{}}', 403),
            (f'POST /api/runs HTTP/1.1\r\n{typed}Content-Length: 2\r\n\r\n{{}}', 400),
            (f'GET /{"x" * 100000} HTTP/1.1\r\n{head}\r\n', 431),
            ('\x16\x03\x01 no HTTP\r\n\r\n', 400),
            (f'POST /api/read HTTP/1.1\r\n{typed}Content-Length: 50\r\n\r\n{{"plugin"', None),  # and gone
        )
        text, status = chance.choice(cases)
        got = raw(self.port, text.encode())
        if status is not None and f' {status} '.encode() not in got.split(b'\r\n')[0] + b' ':
            raise Wrong(f'{text[:300]!r}: {got[:300]!r}')
        if client.ask('GET', '/healthz')[0] != 200:
            raise Wrong('the host is not well')

    # Everything that changes something, and plans of it. What comes of a run is looked at in the end, for all of them.
    def act(self, client, chance):
        for batch in self.batches(client, chance)[:2]:
            offered = [name for name, may in batch['_actions'].items() if may is True and name != 'delete-batch']
            for action in offered:
                self.begin(client, batch, action, dryRun=True, ids=[batch['id']], at=LIST)
                self.begin(client, batch, action, ids=[batch['id']], at=LIST)
            jobs = self.ask(client, '/api/read', self.section(batch, 'failed-jobs', page={'first': 0, 'size': 20})) or {'rows': []}
            place = {'at': 'views/details/sections/failed-jobs', 'parent': {'id': batch['id'], 'engine': batch['engine']}}
            ids = [job['id'] for job in jobs['rows']]
            for action, some in (('retry-job', ids[:4]), ('delete-job', ids[4:6]), ('run-now', ids[6:8])):
                if some:
                    self.begin(client, batch, action, ids=some, **place)
            causes = self.ask(client, '/api/read', self.section(batch, 'causes'))
            for cause in (causes or {'rows': []})['rows'][:1]:
                what = {'filters': {}, 'group': cause['key'], 'count': cause['count']}
                place['at'] = 'views/details/sections/causes'
                action = chance.choice(('retry-jobs', 'delete-jobs'))
                planned = self.begin(client, batch, action, query=what, dryRun=True, **place)
                run = planned and self.ended(client, planned['id'])
                if run and run.get('plan'):
                    self.begin(client, batch, action, query=what, plan=run['plan'], **place)
        running = [run for run in client.json('GET', '/api/runs')['runs'] if run['state'] == 'running']
        for run in running[:1]:
            self.ask(client, f'/api/runs/{run["id"]}/cancel', {}, good=(202,))

    def begin(self, client, batch, action, **more):
        key = uuid.uuid4().hex
        params = {'retries': 1} if action == 'retry-jobs' else {}
        begun = self.ask(client, '/api/runs', {'plugin': PLUGIN, 'key': key, 'action': action, 'engine': batch['engine'],
                                               'params': params, **more}, good=(202,))
        if begun is not None:
            self.runs[key] = action
        return begun

    def ended(self, client, id):
        """The run once it ended; None when it is not kept any more, or the traffic ends."""
        for _ in itertools.count():
            run = next((run for run in client.json('GET', '/api/runs')['runs'] if run['id'] == id), None)
            if run is None or run['state'] == 'ended' or self.ending.is_set():
                return run
            self.ending.wait(0.05)
