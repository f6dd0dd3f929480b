#!/bin/sh
# Everything that judges the source without running it: floors, banned functions, headers, cppcheck, clang-tidy.
# With arguments: only these .c files for the two analysers. Ends with a summary; exit 1 when anything was found.
set -u
cd "$(dirname "$0")/../.." || exit 1
O=${O-build}
export O
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
bad=0 summary=

# part NAME COMMAND…: its output, and a line of the summary.
part() {
	name=$1
	shift
	if "$@" >"$log" 2>&1; then
		summary="$summary
ok   $name"
	else
		cat "$log"
		bad=1
		summary="$summary
FAIL $name ($(grep -c -E '^[^ ]+:[0-9]+(:[0-9]+)?: ' "$log") findings)"
	fi
}

sources() {
	find gateway tests -name '*.c' | LC_ALL=C sort
}

run_cppcheck() {
	# shellcheck disable=SC2086,SC2046  # lists of paths on purpose
	cppcheck --enable=warning,portability,performance --inline-suppr --error-exitcode=1 --quiet \
	    --template='{file}:{line}:{column}: {severity}: {message} [{id}]' -Igateway -Itests ${files:-$(sources)}
}

run_tidy() {
	flags=$(MAKEFLAGS='' make -s --no-print-directory flags O="$O") || return 1
	# The flags are quoted for a shell; so each file gets a shell.
	# shellcheck disable=SC2086,SC2016
	printf '%s\n' ${files:-$(sources)} | FLAGS=$flags TIDY=$tidy xargs -P2 -n1 sh -c \
	    'out=$(eval "\"$TIDY\" --quiet \"$0\" -- $FLAGS" 2>/dev/null); status=$?; [ -z "$out" ] || printf "%s\n" "$out"; exit "$status"'
}

files=$*
for name in floors banned headers; do
	part "$name" sh "tests/lint/$name.sh"
	part "$name selftest" sh "tests/lint/$name.sh" --selftest
done
if command -v cppcheck >/dev/null 2>&1; then
	part cppcheck run_cppcheck
else
	summary="$summary
FAIL cppcheck is missing (apt-get install cppcheck)" bad=1
fi
if tidy=$(command -v clang-tidy-14 || command -v clang-tidy); then
	part clang-tidy run_tidy
else
	summary="$summary
FAIL clang-tidy is missing (apt-get install clang-tidy)" bad=1
fi
printf '%s\n' "$summary" | sed 1d
exit $bad
