#!/bin/sh
# Runs every test there is; called by `make check` with O (where things are built) and SAN in the environment.
# One line a program; the whole output only of what failed; the last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 1
O=${O-build}
export O
LIMIT=900	# seconds after which a program hangs rather than works
passed=0 failed=0
dir=$(mktemp -d) || exit 1
log=$dir/log
meanwhile=
trap '[ -z "$meanwhile" ] || kill "$meanwhile" 2>/dev/null; rm -rf "$dir"' EXIT

now() {
	awk '{ print $1 }' /proc/uptime
}

# record NAME PASSED FAILED SECONDS: one line, and the output when something failed.
record() {
	passed=$((passed + $2)) failed=$((failed + $3))
	if [ "$3" -eq 0 ]; then
		printf '%-32s %4d passed %17s s\n' "$1" "$2" "$4"
		return
	fi
	printf '%-32s %4d passed, %3d FAILED %5s s\n' "$1" "$2" "$3" "$4"
	sed 's/^/    /' "$log"
}

# execute LOG COMMAND…: its output into LOG, its exit status and how long it took into LOG.end
execute() {
	out=$1 start=$(now)
	shift
	timeout "$LIMIT" "$@" >"$out" 2>&1 </dev/null
	status=$?
	[ "$status" -eq 124 ] && echo "stopped after $LIMIT s" >>"$out"
	echo "$status $(echo "$start $(now)" | awk '{ printf "%.1f", $2 - $1 }')" >"$out.end"
}

# tell HOW NAME LOG: HOW is how the program told its result:
#   count    its last "N passed, N failed"
#   lines    "ok NAME" and "FAIL NAME" lines
#   status   its exit status alone
# A program that dies, or that should count and does not, is one failure.
tell() {
	how=$1 name=$2 log=$3
	read -r status seconds <"$log.end"
	case $how in
	count)	counts=$(sed -n 's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1) ;;
	lines)	counts=$(awk '/^ok /{ p++ } /^FAIL /{ f++ } END { if (p + f) print p + 0, f + 0 }' "$log") ;;
	*)	counts='1 0' ;;
	esac
	[ -n "$counts" ] || { echo "no result was printed (exit status $status)" >>"$log"; counts='0 1'; }
	if [ "$status" -ne 0 ] && [ "${counts#* }" -eq 0 ]; then
		echo "exit status $status" >>"$log"
		if [ "$how" = status ]; then counts='0 1'; else counts="${counts% *} 1"; fi
	fi
	record "$name" "${counts% *}" "${counts#* }" "$seconds"
}

# run HOW NAME COMMAND…
run() {
	how=$1 name=$2
	shift 2
	execute "$dir/log" "$@"
	tell "$how" "$name" "$dir/log"
}

# Only programs that have a source: one of a test that was removed does not count.
for source in tests/unit/*_test.c; do
	name=$(basename "$source" _test.c)
	run count "unit/$name" "$O/unit/$name"
done

for source in tests/fuzz/fuzz_*.c; do
	[ -f "$source" ] || continue
	name=$(basename "$source" .c)
	name=${name#fuzz_}
	if [ -d "tests/fuzz/corpus/$name" ]; then
		run status "fuzz/$name" "$O/fuzz/$name" "tests/fuzz/corpus/$name"
	else
		run status "fuzz/$name" "$O/fuzz/$name"
	fi
done

run status 'rules' "$O/tocsin-rules" check rules

set -- tests/scenario/*.scn
[ -f "$1" ] && run count scenario "$O/scenario" "$@"

# The longest of them mostly waits: the others run meanwhile.
execute "$dir/kill" bash tests/system/kill.sh &
meanwhile=$!
for script in tests/system/*.sh; do
	case $script in */run.sh | */lib.sh | */kill.sh) continue ;; esac
	run lines "system/$(basename "$script" .sh)" bash "$script"
done
wait "$meanwhile"
meanwhile=
tell lines system/kill "$dir/kill"

for lint in floors banned headers; do
	run lines "lint/$lint" sh "tests/lint/$lint.sh"
	run lines "lint/$lint selftest" sh "tests/lint/$lint.sh" --selftest
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
