/* templates.tsv: the texts of outgoing SMS, checked once so that rendering them cannot go wrong. */
#ifndef TOCSIN_TEMPLATES_H
#define TOCSIN_TEMPLATES_H

#include "base/diag.h"
#include "logic/types.h"

#define SMS_SEPTETS	160

/* What may stand in braces; template_fields[] says the name and the widest value of each. */
enum field {
	FIELD_P, FIELD_CATF, FIELD_CATE, FIELD_PLACE, FIELD_C3, FIELD_MGRS, FIELD_PREC, FIELD_PLACE2, FIELD_AREA,
	FIELD_T, FIELD_TE, FIELD_LATE, FIELD_LATEE, FIELD_TAGSF, FIELD_TAGSE, FIELD_G, FIELD_S, FIELD_ID, FIELD_K,
	FIELD_MIN, FIELD_MIN2, FIELD_N, FIELD_Q, FIELD_LIST, FIELD_MOD, FIELD_BAL,
	FIELDS
};

/*
 * No value is ever wider than this one, and none begins or ends with more digits: a template that fits with
 * all of these, and shows no run of 8 digits, fits and shows none with any values.
 */
struct template_field {
	const char *name;
	const char *widest;
};
extern const struct template_field template_fields[FIELDS];

/* Literal text, then perhaps a field. When the field has no value the text loses its end, and the next its beginning. */
struct piece {
	const char *text;		/* borrows the templates */
	size_t	 len;
	enum field field;		/* FIELDS: none, the last piece */
	size_t	 keep;			/* bytes of text that stay without a value */
	size_t	 skip;			/* bytes of the next piece's text that go, too */
};

#define PIECES_MAX	40

struct template {
	size_t	 n;			/* 0: the file had none */
	uint32_t needs;			/* set of fields that must have a value */
	struct piece piece[PIECES_MAX];
};

struct templates;

/*
 * Parses lines "id-LANG <tab> use <tab> text". Unknown ids and fields, a field that this id must not or must show, a character outside
 * the GSM-7 basic set, a text that could exceed 160 septets or show 8 digits in a row with the
 * widest values, a missing or repeated template: errors with their place, all of them. NULL on any error.
 */
struct templates	*templates_new(const char *file, const char *bytes, size_t len, struct diags *);
void			 templates_free(struct templates *);
const struct template	*templates_find(const struct templates *, const char *id, enum language);	/* NULL: unknown */

/* The ids a file must hold, each in both languages; NULL behind the last. */
const char		*templates_id(size_t i);

#endif
