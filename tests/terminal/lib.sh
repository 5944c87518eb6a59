# What the terminal's tests share. Sourced once host, work (a folder of its own) and engine (when one is asked) are said.
# shellcheck shell=bash
pids=()
failed=0
clean_up() {
  kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "${work:?}"
}
trap clean_up EXIT
unset COCKPIT_ENGINE COCKPIT_USER COCKPIT_PASSWORD COCKPIT_CONFIG COCKPIT_PLUGINS COCKPIT_AUDIT
export COCKPIT_STATE=${work:?}/state

# start OUT COMMAND…: in the background, until it has written its first line to OUT.
start() {
  local out=$1
  shift
  "$@" >"$out" 2>"$out.messages" &
  pids+=("$!")
  until [ -s "$out" ]; do kill -0 "${pids[-1]}"; sleep 0.05; done
}
# expect WORDS EXPECTED GOT
expect() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else echo "FAILED: $1: expected $2, got $3"; failed=1; fi
}
# says WORDS FILE TEXT…: each text stands in the file
says() {
  local words=$1 file=$2 text
  shift 2
  for text; do
    if ! grep -qF -e "$text" "$file"; then echo "FAILED: $words: \"$text\" is not in:"; head -c 600 "$file"; failed=1; return; fi
  done
  echo "ok: $words"
}
# code COMMAND…: its exit code; what it says to $work/out and $work/messages
code() { local rc=0; "$@" >"$work/out" 2>"$work/messages" </dev/null || rc=$?; echo "$rc"; }
json() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
ask() { "${host:?}" "$@" --engine "${engine:?}" </dev/null; }
# lights COMMAND…: with the one plugin of the tests, which has another subject and asks no engine.
lights() { COCKPIT_PLUGINS=${folder:?} "${host:?}" "$@" --engine http://127.0.0.1:9 </dev/null; }
# on_terminal WIDTH ANSWER COMMAND…: the same on a terminal.
on_terminal() { COCKPIT_PLUGINS=${folder:?} python3 "${here:?}/on_a_terminal.py" "$@" --engine http://127.0.0.1:9 </dev/null; }
# The exit code of the whole.
finish() { exit "$failed"; }
