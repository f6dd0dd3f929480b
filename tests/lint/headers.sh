#!/bin/sh
# Headers compile alone, files say what they are for, foo_bar() lives in foo.c: headers.sh [ROOT] | --selftest
# Objects are taken from $O when they are newer than their source, else compiled here.
set -u
here=$(cd "$(dirname "$0")" && pwd)
CC=${CC-cc}
flags=$(MAKEFLAGS='' make -s --no-print-directory -C "$here/../.." flags O="${O-build}") || exit 1

# The flags are quoted for a shell.
compile() {
	eval "$CC $flags -I. \"\$@\""
}

# Names that are not their file's: the file's stem, then prefixes. Singular and plural of the stem need no row.
exceptions='
conf	roster
ctl_msg	ctl
escalate	timers
incident	told
log	fatal
render	templates
rulebook	rules
'

# One header, from nothing: it must bring what it needs.
alone() {
	printf '#include "%s"\n' "$1" | compile -fsyntax-only -Wall -Wextra -Werror -x c - 2>&1 |
	    sed -n "s|^\([^ ]*:[0-9]*\):[0-9]*: \(.*error\)|\1: does not compile alone: \2|p" | head -n 3
}

guard() {
	stem=$(basename "$1" .h | tr 'a-z-' 'A-Z_')
	grep -Eq "^#ifndef TOCSIN_([A-Z0-9]+_)*${stem}_H\$" "$1" || echo "$1:1: the guard is not TOCSIN_${stem}_H"
}

first_line() {
	case $(head -n 1 "$1") in
	'/* '?*) ;;
	*) echo "$1:1: the first line does not say what the file is for" ;;
	esac
}

# Global symbols of one object whose names do not begin with the stem of its file.
symbols() {
	stem=$(basename "$1" .c)
	object=${O-build}/${1%.c}.o
	if [ ! -f "$object" ] || [ -n "$(find "$1" -newer "$object")" ]; then
		object=$scratch/$stem.o
		compile -w -O0 -c -o "$object" "$1" 2>/dev/null || { echo "$1:1: does not compile"; return; }
	fi
	nm -g --defined-only "$object" | awk -v file="$1" -v stem="$stem" -v list="$exceptions" '
	BEGIN {
		n = split(list, row, "\n")
		for (i = 1; i <= n; i++) {
			split(row[i], field, "\t")
			if (field[1] == stem)
				allowed[field[2]] = 1
		}
		allowed[stem] = allowed[stem "s"] = 1
		singular = stem
		if (sub("s$", "", singular) && singular != "")
			allowed[singular] = 1
	}
	$3 == "main" && stem == "main" { next }
	$3 ~ /^__/ { next }	# what compilers and sanitizers add
	{
		for (prefix in allowed)
			if ($3 == prefix || index($3, prefix "_") == 1 || (prefix == "fatal" && $3 == "fatalx"))
				next
		printf "%s:1: %s does not belong into this file by its name\n", file, $3
	}'
}

check() {
	cd "$1" || exit 1
	for header in $(find gateway tests -name '*.h' | LC_ALL=C sort); do
		alone "$header"
		guard "$header"
	done
	for file in $(find gateway tests -name '*.[ch]' | LC_ALL=C sort); do first_line "$file"; done
	for source in $(find gateway -name '*.c' | LC_ALL=C sort); do symbols "$source"; done
}

selftest() {
	mkdir -p "$scratch/t/gateway/base" "$scratch/t/tests"
	cd "$scratch/t" || exit 1
	printf '/* Good. */\n#ifndef TOCSIN_GOOD_H\n#define TOCSIN_GOOD_H\nint good_one(void);\n#endif\n' >gateway/base/good.h
	printf '/* Good. */\n#include "base/good.h"\nstatic int two(void) { return 1; }\nint good_one(void) { return two(); }\n' \
	    >gateway/base/good.c
	printf '#ifndef GUARD_H\n#define GUARD_H\nsize_t bad_one(void);\n#endif\n' >gateway/base/bad.h
	printf '/* Bad. */\nint bad_one(void);\nint other_one(void);\nint bad_one(void) { return 1; }\nint other_one(void) { return 2; }\nint thing;\n' \
	    >gateway/base/bad.c
	printf '/* Logs. */\nint fatal, fatalx, fatality, logs_x, log_y;\n' >gateway/base/log.c
	O=$scratch/none
	got=$(check "$scratch/t" | sed 's/: does not compile alone.*/ alone/; s/ does not belong.*//; s/:1: the /:1 /' | tr '\n' ';')
	want='gateway/base/bad.h:3 alone;gateway/base/bad.h:1 guard is not TOCSIN_BAD_H;'
	want=$want'gateway/base/bad.h:1 first line does not say what the file is for;'
	want=$want'gateway/base/bad.c:1: other_one;gateway/base/bad.c:1: thing;gateway/base/log.c:1: fatality;'
	if [ "$got" = "$want" ]; then
		echo "ok headers selftest"
	else
		printf 'FAIL headers selftest\n  found  %s\n  wanted %s\n' "$got" "$want"
		exit 1
	fi
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
if [ "${1-}" = --selftest ]; then
	selftest
	exit 0
fi
found=$(check "${1-$(cd "$here/../.." && pwd)}")
if [ -n "$found" ]; then
	printf '%s\n' "$found"
	echo "FAIL headers"
	exit 1
fi
echo "ok headers"
