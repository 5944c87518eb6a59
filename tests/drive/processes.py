"""The programs that a drive starts, and what sanitizers report of them."""

import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

TOKEN = 'a-token-that-is-long-enough-for-this'


class Reports:
    """Where every process writes what a sanitizer finds in it: also the trials of plugins, whose stderr leads nowhere."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()

    def environment(self):
        settings = dict(os.environ)
        for tool in ('ASAN', 'LSAN', 'TSAN', 'UBSAN'):
            own = settings.get(f'{tool}_OPTIONS')
            settings[f'{tool}_OPTIONS'] = ':'.join(filter(None, [own, 'print_stacktrace=1' * (tool == 'UBSAN'),
                                                                 'allow_addr2line=1', f'log_path={self.folder}/report']))
        return settings

    def found(self):
        return [f'{file.name}:\n{file.read_text(errors="replace")}' for file in sorted(self.folder.iterdir())]


def eventually(what, condition, patience=120):
    """Waits for something to be so; the patience ends a wait in vain, it is no promise."""
    end = time.monotonic() + patience
    while True:
        came = condition()
        if came:
            return came
        if time.monotonic() > end:
            raise AssertionError(f'waited in vain: {what}')
        time.sleep(0.05)


class Process:
    def __init__(self, command, work, name, environment):
        self.out, self.log = work / f'{name}.out', work / f'{name}.log'
        self.name = name
        with open(self.out, 'wb') as out, open(self.log, 'wb') as log:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=log, env=environment)
        self.address = eventually(f'the address of {name}', self.first_line)

    def first_line(self):
        if self.child.poll() is not None:
            raise AssertionError(f'{self.name} ended with {self.child.returncode}: {self.messages()}')
        text = self.out.read_text()
        return text.split('\n')[0] if '\n' in text else None

    def messages(self):
        return self.log.read_text(errors='replace')

    def signal(self, number):
        self.child.send_signal(number)

    def end(self):
        """Its exit code once it was told to end."""
        if self.child.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            return self.child.wait(120)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            return 'it did not end'


class Engine(Process):
    def __init__(self, program, work, name, environment, *more):
        super().__init__([program, '--port', '0', '--speed', '20', *more], work, name, environment)


class Host(Process):
    """`cockpit-host serve` on a plugin folder of its own, with a configuration that may change while it runs."""

    def __init__(self, program, work, name, environment, engines):
        self.folder = work / f'{name}.plugins'
        self.folder.mkdir(exist_ok=True)
        self.configuration = work / f'{name}.toml'
        self.configure(engines)
        token = work / 'token'
        token.touch(mode=0o600)
        token.write_text(TOKEN + '\n')
        super().__init__([program, 'serve', '--port', '0', '--config', self.configuration, '--plugins', self.folder,
                          '--state', work / f'{name}.state', '--token-file', token, '--log-level', 'debug'],
                         work, name, environment)
        self.port = int(self.address.rsplit(':', 1)[1].rstrip('/'))

    def configure(self, engines):
        self.configuration.write_text(''.join(f'[[engine]]\nid = "{id}"\nname = "{id}"\nnodes = ["{url}"]\n\n'
                                              for id, url in engines.items()))

    def drop(self, library, mark=''):
        """Puts a library into the folder in one step, as a new version where it is marked otherwise. Its hash."""
        part = self.folder.with_suffix('.part')
        shutil.copyfile(library, part)
        with open(part, 'ab') as file:
            file.write(mark.encode())  # after the end of the library, where the loader does not look
        digest = hashlib.sha256(part.read_bytes()).hexdigest()
        part.rename(self.folder / pathlib.Path(library).name)
        return digest

    def remove(self, library):
        (self.folder / pathlib.Path(library).name).unlink()


def audit_of(work, host):
    """The audit log of a host, line by line: each is a whole one."""
    return [json.loads(line) for line in (work / f'{host.name}.state' / 'audit.jsonl').read_text().splitlines()]
