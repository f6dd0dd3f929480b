#!/bin/sh
# Includes point down only, and each foreign library has one home: floors.sh [ROOT] | --selftest
# Prints file:line and the rule that is broken; exit 1 when any is.
set -u
here=$(cd "$(dirname "$0")" && pwd)

# shellcheck disable=SC2016  # awk, not shell
check() {
	find "$1/gateway" -name '*.[ch]' | LC_ALL=C sort | (cd "$1" && xargs awk -v root="$1/" '
	BEGIN {
		# Floor, and the floors it may include besides itself.
		may["base"] = " "
		may["wire"] = " base "
		may["logic"] = " base "
		may["store"] = " base logic "
		may["core"] = " base wire logic store "
		may["modem"] = " base wire "
		may["ctl"] = " base wire "
		may["workbench"] = " base logic store "
		# Foreign header (a prefix), and the files that may know it (a prefix).
		home["sqlite3"] = "store/"
		home["event2/"] = "core/"
		home["event.h"] = "core/"
		home["gammu"] = "modem/phone.c"
		home["pcre2"] = "logic/"
		home["utf8proc"] = "logic/"
		home["jansson.h"] = "logic/"
		home["geodesic.h"] = "logic/distance.c"
		home["proj"] = "nowhere: geodesic.h is all we use of PROJ"
		home["archive"] = "workbench/"
		home["sodium"] = "store/vault.c"
		home["ini.h"] = "core/conf.c"
		home["seccomp.h"] = "modem/sandbox.c"
		# What floors that only think or only translate may not even see.
		pure["base/log.h"] = pure["base/files.h"] = pure["unistd.h"] = pure["fcntl.h"] = pure["time.h"] = 1
		pure["sys/socket.h"] = pure["sys/stat.h"] = pure["pthread.h"] = 1
	}
	function fault(rule) {
		printf "%s:%d: %s\n", FILENAME, FNR, rule
		bad = 1
	}
	FNR == 1 {
		file = FILENAME
		sub("^" root, "", file)
		sub("^gateway/", "", file)
		floor = file
		sub("/.*", "", floor)
		if (!(floor in may))
			fault("no floor is called \047" floor "\047")
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		to = part[2]
		sub("/.*", "", to)
		if (part[2] !~ "^[a-z]+/[a-z0-9_]+\\.h$")
			fault("include \047" part[2] "\047 as \"floor/name.h\"")
		else if (to != floor && index(may[floor], " " to " ") == 0)
			fault(floor " may not include " to)
	}
	/^[ \t]*#[ \t]*include[ \t]*</ {
		name = $0
		sub(".*<", "", name)
		sub(">.*", "", name)
		for (foreign in home)
			if (index(name, foreign) == 1 && index(file, home[foreign]) != 1)
				fault("<" name "> belongs to " home[foreign])
	}
	/^[ \t]*#[ \t]*include/ && (floor == "logic" || floor == "wire") {
		name = $0
		sub("^[^<\"]*[<\"]", "", name)
		sub("[>\"].*", "", name)
		if (name in pure)
			fault(floor " is pure: no \047" name "\047")
	}
	END { exit bad }')
}

# A tree where every rule is broken once, beside lines that are right.
selftest() {
	dir=$(mktemp -d) || exit 1
	trap 'rm -rf "$dir"' EXIT
	for floor in base wire logic store core modem ctl workbench; do mkdir -p "$dir/gateway/$floor"; done
	cd "$dir/gateway" || exit 1
	printf '#include "wire/b.h"\n' >base/a.c
	printf '#include "base/buf.h"\n#include "logic/b.h"\n' >wire/a.c
	printf '#include "store/b.h"\n#include "base/log.h"\n#include <pcre2.h>\n#include <time.h>\n' >logic/a.h
	printf '#include "core/b.h"\n#include <sqlite3.h>\n#include <sodium.h>\n' >store/a.c
	printf '#include <sodium.h>\n#include "store/vault.h"\n' >store/vault.c
	printf '#include "modem/b.h"\n#include <event2/event.h>\n#include <sqlite3.h>\n#include <ini.h>\n' >core/a.c
	printf '#include <ini.h>\n' >core/conf.c
	printf '#include <gammu.h>\n#include "logic/types.h"\n' >modem/receive.c
	printf '#include <gammu.h>\n' >modem/phone.c
	printf '# include "store/store.h"\n#include "view.h"\n' >ctl/a.c
	printf '#include "core/conf.h"\n#include <event.h>\n' >workbench/a.c
	cd "$here" || exit 1
	got=$(check "$dir" | sed "s|^$dir/gateway/||; s|: .*||" | LC_ALL=C sort | tr '\n' ' ')
	want='base/a.c:1 core/a.c:1 core/a.c:3 core/a.c:4 ctl/a.c:1 ctl/a.c:2 logic/a.h:1 logic/a.h:2 logic/a.h:4 '
	want=$want'modem/receive.c:1 modem/receive.c:2 store/a.c:1 store/a.c:3 wire/a.c:2 workbench/a.c:1 workbench/a.c:2 '
	if [ "$got" = "$want" ]; then
		echo "ok floors selftest"
	else
		printf 'FAIL floors selftest\n  found  %s\n  wanted %s\n' "$got" "$want"
		exit 1
	fi
}

if [ "${1-}" = --selftest ]; then
	selftest
	exit 0
fi
root=${1-$(cd "$here/../.." && pwd)}
found=$(check "$root")
if [ -n "$found" ]; then
	printf '%s\n' "$found" | sed "s|^$root/||"
	echo "FAIL floors"
	exit 1
fi
echo "ok floors"
