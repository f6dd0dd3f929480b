/* Places in links: geo: URIs, map services, OpenGeoSMS. */
#ifndef TOCSIN_MAPLINK_H
#define TOCSIN_MAPLINK_H

#include "logic/coordinates.h"
#include "logic/scan.h"

enum maplink {
	MAPLINK_NONE,		/* no link begins here */
	MAPLINK_EMPTY,		/* a link that says no place; c->end is behind it */
	MAPLINK_FOUND,
};

/*
 * The link that begins at "at":
 *	geo:14.35,-3.61   geo:14.35,-3.61,270;u=35   geo:0,0?q=14.35,-3.61(Koro)	RFC 5870, Android
 *	http…?q= ll= query= daddr= destination= center= loc= cp= coordinate= marker= lat=&lon= mlat=&mlon=, a path
 *	/14.35,-3.61, /@14.35,-3.61,17z, !3d14.35!4d-3.61, #map=17/14.35/-3.61 (Google, Apple, OpenStreetMap,
 *	Waze, Bing, Here, Yandex, which puts longitude first); with "GeoSMS" it is an OpenGeoSMS (OGC 11-030r1)
 *	osm.org/go/0EEQjE--	its quadtile is read without the network
 * A pin beats the view around it; a view is only as precise as its zoom. Short links of Google, Apple and
 * what3words are found as COORDINATES_UNRESOLVED.
 */
enum maplink maplink_find(const struct scan *, size_t at, struct coordinates *);

#endif
