#!/bin/sh
# Runs every test there is; called by `make check` with O (where things are built) and SAN in the environment.
# One line a program; the whole output only of what failed; the last line is "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 1
O=${O-build}
export O
LIMIT=900	# seconds after which a program hangs rather than works
passed=0 failed=0
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

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

# run HOW NAME COMMAND…: HOW is how the program tells its result:
#   count    its last "N passed, N failed"
#   lines    "ok NAME" and "FAIL NAME" lines
#   status   its exit status alone
# A program that dies, or that should count and does not, is one failure.
run() {
	how=$1 name=$2
	shift 2
	start=$(now)
	timeout "$LIMIT" "$@" >"$log" 2>&1 </dev/null
	status=$?
	seconds=$(echo "$start $(now)" | awk '{ printf "%.1f", $2 - $1 }')
	[ "$status" -eq 124 ] && echo "stopped after $LIMIT s" >>"$log"
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

for script in tests/system/*.sh; do
	[ -f "$script" ] || continue
	case $script in */run.sh | */lib.sh) continue ;; esac
	shell=
	head -n 1 "$script" | grep -q bash && shell=bash
	run lines "system/$(basename "$script" .sh)" "${shell:-sh}" "$script"
done

for lint in floors banned headers; do
	run lines "lint/$lint" sh "tests/lint/$lint.sh"
	run lines "lint/$lint selftest" sh "tests/lint/$lint.sh" --selftest
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
