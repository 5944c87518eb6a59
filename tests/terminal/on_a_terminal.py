"""Runs a command on a terminal of its own: on_a_terminal.py WIDTH ANSWER COMMAND…

ANSWER is typed when the command asks for it, or nothing if it is empty. What the command writes goes to stdout, its exit code
is this one's.
"""
import fcntl
import os
import pty
import struct
import sys
import termios

width, answer, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm"
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    os.execvp(command[0], command)
seen = b""
while True:
    try:
        block = os.read(terminal, 65536)
    except OSError:  # the other side is closed
        break
    if not block:
        break
    seen += block
    if answer and (seen.endswith(b"[y/N] ") or seen.endswith(b"to do it: ")):
        os.write(terminal, answer.encode() + b"\n")
        answer = ""
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
