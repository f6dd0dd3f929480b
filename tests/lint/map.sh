#!/bin/sh
# Each source file and its first line, floor by floor in the order of the flow.
set -u
cd "$(dirname "$0")/../.." || exit 1

# Within a floor: these first and in this order, then whatever else there is.
order='frame field modem_msg tpdu ctl_msg main conf modems receive send phone sandbox accept decide answer dispatch followup control health
types normalize pattern lex classify gazetteer geotag coordinates correlate route escalate render command rulebook
store inbox incident outbox people audit vault'

# The first line without its comment marks.
say() {
	printf '  %-16s %s\n' "$(basename "$1")" "$(head -n 1 "$1" | sed 's|^/\* *||; s|^-- *||; s| *\*/ *$||')"
}

# A header has a line of its own only where no .c beside it says the same.
files() {
	for word in $order; do
		for path in "$1/$word.c" "$1/$word.h"; do
			[ -f "$path" ] && { echo "$path"; break; }
		done
	done
	for path in "$1"/*.sql "$1"/*.c "$1"/*.h; do
		[ -f "$path" ] || continue
		case $path in *.h) [ -f "${path%.h}.c" ] && continue ;; esac
		echo "$path"
	done
}

for floor in base wire modem core store logic ctl workbench; do
	[ -d "gateway/$floor" ] || continue
	echo "gateway/$floor/"
	files "gateway/$floor" | awk '!seen[$0]++' | while read -r path; do say "$path"; done
	echo
done
