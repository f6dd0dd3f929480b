#!/bin/sh
# Fuzzes each TARGET for SECONDS with libFuzzer: fuzz.sh OUTDIR SECONDS TARGET…
# Prints one line a target; exit 1 when any crashed. Findings: OUTDIR/corpus and OUTDIR/crashes.
set -u
[ $# -ge 3 ] || { echo "usage: fuzz.sh OUTDIR SECONDS TARGET..." >&2; exit 2; }
cd "$(dirname "$0")/../.." || exit 1
out=$1 seconds=$2
shift 2
cc=$(command -v clang-14 || command -v clang) || { echo "fuzz: clang is missing (apt-get install clang)" >&2; exit 1; }
mkdir -p "$out"

# The Makefile builds the objects, with its own flags and rules; ours only add the coverage counters.
unset MAKEFLAGS MFLAGS
objects=
for target; do objects="$objects $out/tests/fuzz/fuzz_$target.o"; done
# shellcheck disable=SC2086  # a list of paths on purpose
CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' make -j2 --no-print-directory SAN=1 CC="$cc" O="$out" \
    "$out/flow.a" $objects >"$out/build.log" 2>&1 || { tail -n 30 "$out/build.log" >&2; exit 1; }

# The last value of "name: value" or "name value" in libFuzzer's log.
stat() {
	sed -n "s/.*$2:* *\([0-9][0-9]*\).*/\1/p" "$1" | tail -n 1
}

bad=0
for target; do
	bin=$out/fuzz_$target log=$out/fuzz_$target.log crashes=$out/crashes/$target
	if ! "$cc" -fsanitize=fuzzer,address,undefined -o "$bin" "$out/tests/fuzz/fuzz_$target.o" "$out/flow.a" \
	    -linih -lsqlite3 -lsodium -lpcre2-8 -lutf8proc -ljansson -lproj -lm >"$log" 2>&1; then
		cat "$log" >&2
		bad=1
		continue
	fi
	mkdir -p "$out/corpus/$target" "$crashes"
	rm -f "$crashes"/*
	set_len=
	options=tests/fuzz/fuzz_$target.options
	[ -f "$options" ] && set_len=$(sed -n 's/^ *max_len *= *\([0-9][0-9]*\).*/-max_len=\1/p' "$options")
	seeds=
	[ -d "tests/fuzz/corpus/$target" ] && seeds=tests/fuzz/corpus/$target
	# shellcheck disable=SC2086  # empty means no argument
	"$bin" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1500 -print_final_stats=1 -verbosity=1 \
	    $set_len -artifact_prefix="$crashes/" "$out/corpus/$target" $seeds >"$log" 2>&1
	status=$?
	found=$(find "$crashes" -type f | wc -l)
	[ "$status" != 0 ] && [ "$found" -eq 0 ] && found=1
	printf '%-20s %12s executions %8s exec/s %6s edges %3d crashes\n' "$target" \
	    "$(stat "$log" stat::number_of_executed_units)" "$(stat "$log" stat::average_exec_per_sec)" \
	    "$(stat "$log" 'cov')" "$found"
	if [ "$found" -gt 0 ]; then
		bad=1
		grep -m 3 -E 'ERROR|runtime error|SUMMARY' "$log"
		find "$crashes" -type f
	fi
done
exit $bad
