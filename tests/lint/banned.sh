#!/bin/sh
# Functions nobody calls here, and the clock that only base/clock.c reads: banned.sh [ROOT] | --selftest
# Comments and strings do not count. Prints file:line and the name; exit 1 when any is called.
set -u
here=$(cd "$(dirname "$0")" && pwd)

# shellcheck disable=SC2016  # awk, not shell
check() {
	find "$1/gateway" "$1/tests" -name '*.[ch]' 2>/dev/null | LC_ALL=C sort | xargs awk -v root="$1/" '
	BEGIN {
		unbounded = "they know no bound: use base/buf or snprintf"
		why["strcpy"] = why["strcat"] = why["sprintf"] = why["vsprintf"] = why["gets"] = why["stpcpy"] = unbounded
		why["strtok"] = why["localtime"] = why["gmtime"] = why["asctime"] = why["ctime"] = "a hidden global: use the _r form"
		why["atoi"] = why["atol"] = why["atoll"] = why["atof"] = "it cannot tell an error: use strtol with an end pointer"
		why["sleep"] = why["usleep"] = why["nanosleep"] = "nothing waits here: use a timer"
		why["alloca"] = "the stack has a ceiling of its own"
		why["system"] = why["popen"] = "no shell: fork and exec"
		# Asking for the time is a privilege.
		clock["time"] = clock["clock_gettime"] = clock["gettimeofday"] = clock["ftime"] = 1
	}
	# The line without comments and without what is inside strings; "inside" lives across lines.
	function bare(line,    out, i, c, two, quote) {
		out = ""
		quote = ""
		for (i = 1; i <= length(line); i++) {
			c = substr(line, i, 1)
			two = substr(line, i, 2)
			if (inside) {
				if (two == "*/") { inside = 0; i++ }
			} else if (quote != "") {
				if (c == "\\") i++
				else if (c == quote) quote = ""
			} else if (two == "/*") { inside = 1; i++ }
			else if (two == "//") break
			else if (c == "\"" || c == "\047") { quote = c; out = out "x" }
			else out = out c
		}
		return out
	}
	FNR == 1 {
		inside = 0
		file = FILENAME
		sub("^" root, "", file)
		may_ask = file ~ "^tests/" || file == "gateway/base/clock.c" || file ~ "^gateway/modem/"
	}
	{
		rest = bare($0)
		# Member functions (x.time(), x->time()) are somebody else.
		while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
			before = substr(rest, 1, RSTART - 1)
			name = substr(rest, RSTART, RLENGTH)
			sub("[ \t]*\\($", "", name)
			rest = substr(rest, RSTART + RLENGTH)
			if (before ~ /(\.|->)[ \t]*$/)
				continue
			if (name in why)
				printf "%s:%d: %s(): %s\n", file, FNR, name, why[name]
			else if (name in clock && !may_ask)
				printf "%s:%d: %s(): only base/clock.c asks for the time\n", file, FNR, name
		}
	}'
}

selftest() {
	dir=$(mktemp -d) || exit 1
	trap 'rm -rf "$dir"' EXIT
	mkdir -p "$dir/gateway/base" "$dir/gateway/core" "$dir/gateway/modem" "$dir/tests/unit"
	cat >"$dir/gateway/core/a.c" <<-'END'
	/* strcpy(a, b) and
	   time(NULL) in a comment */
	const char *s = "sprintf(x) \" sleep(1)";	// system("x")
	void f(void) { x.time(0); y->system(1); my_strcpy(a, b); timer(1); }
	void g(void) { strcpy(a, b); }
	int h = atoi ("1") + time(NULL);
	void i(void) { clock_gettime(0, 0); /* a */ usleep(1); }
	char q = '"'; int j(void) { return system(0); }
	END
	printf 'void f(void) { clock_gettime(0, 0); }\n' >"$dir/gateway/base/clock.c"
	printf 'void f(void) { clock_gettime(0, 0); gmtime(0); gmtime_r(0, 0); }\n' >"$dir/gateway/modem/a.c"
	printf 'void f(void) { gettimeofday(0, 0); sleep(1); }\n' >"$dir/tests/unit/a.c"
	got=$(check "$dir" | sed 's/^\([^ ]*\): \([a-z_]*\)().*/\1=\2/' | tr '\n' ' ')
	want='gateway/core/a.c:5=strcpy gateway/core/a.c:6=atoi gateway/core/a.c:6=time gateway/core/a.c:7=clock_gettime '
	want=$want'gateway/core/a.c:7=usleep gateway/core/a.c:8=system gateway/modem/a.c:1=gmtime tests/unit/a.c:1=sleep '
	if [ "$got" = "$want" ]; then
		echo "ok banned selftest"
	else
		printf 'FAIL banned selftest\n  found  %s\n  wanted %s\n' "$got" "$want"
		exit 1
	fi
}

if [ "${1-}" = --selftest ]; then
	selftest
	exit 0
fi
found=$(check "${1-$(cd "$here/../.." && pwd)}")
if [ -n "$found" ]; then
	printf '%s\n' "$found"
	echo "FAIL banned"
	exit 1
fi
echo "ok banned"
