#!/bin/sh
# The part of `make install` that knows where settings go: install.sh DESTDIR PREFIX LIBEXECDIR SYSCONFDIR
set -eu
destdir=$1 prefix=$2 libexecdir=$3 sysconfdir=$4
etc=$destdir$sysconfdir/tocsin
share=$destdir$prefix/share/tocsin

install -d "$etc" "$etc/rules" "$etc/modems.d" "$share/modem-configs" "$share/rules" \
    "$destdir$prefix/share/doc/tocsin" "$destdir$prefix/lib/systemd/system" "$destdir$prefix/lib/sysusers.d"

# What an admin has edited is never overwritten; the shipped version always lies in share/.
keep() {
	[ -e "$2" ] || install -m644 "$1" "$2"
}
for file in rules/*.rules rules/gazetteer.tsv rules/routing.matrix rules/templates.tsv; do
	install -m644 "$file" "$share/rules/"
	keep "$file" "$etc/rules/${file##*/}"
done
for file in modem-configs/*.conf; do
	install -m644 "$file" "$share/modem-configs/"
done
keep systemd/tocsin.conf "$etc/tocsin.conf"
if [ ! -e "$etc/responders.conf" ]; then
	install -m640 systemd/responders.conf "$etc/responders.conf"
fi
install -m644 README.md LICENSE "$destdir$prefix/share/doc/tocsin/"
install -m644 rules/README.md "$share/rules/"
sed -e "s|@PREFIX@|$prefix|g" -e "s|@SYSCONFDIR@|$sysconfdir|g" systemd/tocsind.service \
    > "$destdir$prefix/lib/systemd/system/tocsind.service"
install -m644 systemd/tocsin.sysusers "$destdir$prefix/lib/sysusers.d/tocsin.conf"
# The daemon's own account must be able to read whom it tells; nobody else needs to.
if [ -z "$destdir" ] && command -v systemd-sysusers >/dev/null 2>&1; then
	systemd-sysusers "$prefix/lib/sysusers.d/tocsin.conf"
	chgrp tocsin "$etc/responders.conf"
	systemctl daemon-reload 2>/dev/null || true
fi
echo "installed. Next: put a modem's file into $sysconfdir/tocsin/modems.d (examples in $prefix/share/tocsin/modem-configs),"
echo "the responders into $sysconfdir/tocsin/responders.conf, then: sudo tocsind -n && sudo systemctl enable --now tocsind"
echo "How to change the rules: $prefix/share/tocsin/rules/README.md"
echo "(programs of the transport: $libexecdir)"
