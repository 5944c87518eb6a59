"""The rooms of the page: who may import whom, and that nothing goes in a circle. page_imports.py SOURCES

Prints one line a violation, FILE: WHAT, with FILE below SOURCES. Two files may name each other if one of them takes types only.
"""
import os
import re
import sys
from pathlib import Path

# Lowest first: each room may use those before it.
ROOMS = ["i18n", "host", "ui", "actions", "list", "details", "app"]
STATEMENT = re.compile(r'^(?:import|export)\b(?P<what>[^"\';]*?)\bfrom\s*"(?P<static>\.[^"]*)"|^import\s*"(?P<bare>\.[^"]*)"', re.M)
CALL = re.compile(r'(?P<typeof>\btypeof\s+)?\bimport\("(?P<path>\.[^"]*)"\)')


def is_type_only(what):
    what = what.strip()
    if what.startswith("type "):
        return True
    names = re.fullmatch(r"\{(.*)\}", what, re.S)
    return bool(names) and all(name.strip().startswith("type ") for name in names[1].split(",") if name.strip())


def found_imports(text):
    """(path, whether types only) of each import in a source."""
    for match in STATEMENT.finditer(text):
        yield match["static"] or match["bare"], match["static"] is not None and is_type_only(match["what"])
    for match in CALL.finditer(text):
        yield match["path"], match["typeof"] is not None


def read_sources(top):
    """{file: {imported file: whether types only}}"""
    files = {str(path.relative_to(top)) for path in top.rglob("*.ts*") if not path.name.endswith(".d.ts")}
    imports = {}
    for file in sorted(files):
        uses = imports[file] = {}
        for path, types_only in found_imports((top / file).read_text(encoding="utf-8")):
            for ending in (".ts", ".tsx"):
                used = os.path.relpath(top / os.path.dirname(file) / f"{path}{ending}", top)
                if used in files:
                    uses[used] = uses.get(used, True) and types_only
    return imports


def wrong_arrows(imports):
    for file, uses in imports.items():
        room = file.split("/")[0]
        if "/" not in file:
            if room not in ("main.ts", "parts.ts"):
                yield f"{file}: it stands in no room"
            continue
        if room not in ROOMS:
            yield f"{file}: {room} is no room of the page"
            continue
        for used in uses:
            other = used.split("/")[0]
            if other not in ROOMS or ROOMS.index(other) > ROOMS.index(room):
                yield f"{file}: imports {used}, which is not of its room nor below it"


def circles(imports):
    """Strongly connected files (Tarjan), but for pairs of which one takes types only."""
    order, low, stack, found = {}, {}, [], []

    def visit(file):
        order[file] = low[file] = len(order)
        stack.append(file)
        for used in imports[file]:
            if used not in order:
                visit(used)
                low[file] = min(low[file], low[used])
            elif used in stack:
                low[file] = min(low[file], order[used])
        if low[file] == order[file]:
            group = []
            while not group or group[-1] != file:
                group.append(stack.pop())
            found.append(group)

    for file in imports:
        if file not in order:
            visit(file)
    for group in found:
        one, other = group[0], group[-1]
        if len(group) == 2 and (imports[one][other] or imports[other][one]):
            continue
        if len(group) > 1 or one in imports[one]:
            yield f"{other}: imports go in a circle: {', '.join(sorted(group))}"


def main():
    top = Path(sys.argv[1]).resolve()
    sys.setrecursionlimit(10_000)
    imports = read_sources(top)
    for line in [*wrong_arrows(imports), *circles(imports)]:
        print(line)


main()
