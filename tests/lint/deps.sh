#!/bin/sh
# Installs the Debian packages that are missing: deps.sh PACKAGE… -- PKG-CONFIG-NAME…
set -u
packages=
while [ $# -gt 0 ] && [ "$1" != -- ]; do packages="$packages $1"; shift; done
[ $# -gt 0 ] && shift

missing=
for tool in pkg-config gammu gcc xz; do
	command -v "$tool" >/dev/null 2>&1 || missing="$missing $tool"
done
if command -v pkg-config >/dev/null 2>&1; then
	for name; do pkg-config --exists "$name" || missing="$missing $name"; done
fi
[ -n "$missing" ] || exit 0

echo "missing:$missing" >&2
if ! command -v apt-get >/dev/null 2>&1; then
	echo "this is not Debian: please install the equivalents of$packages" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || { echo "please run as root: apt-get install$packages" >&2; exit 1; }
	sudo=sudo
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "installing$packages" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # a list of words on purpose
if ! { $sudo apt-get update && $sudo apt-get install -y --no-install-recommends $packages; } >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	echo "apt-get failed: is the network there? Packages needed:$packages" >&2
	exit 1
fi
