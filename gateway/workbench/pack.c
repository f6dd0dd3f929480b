/* Reads rule folders and gazetteers from disk. */
#include "workbench/pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"

#define GAZETTEER_BYTES_MAX	(256u << 20)

const char *
pack_default_dir(void)
{
	struct stat st;

	return stat("rules", &st) == 0 && S_ISDIR(st.st_mode) ? "rules" : "/etc/tocsin/rules";
}

void
pack_complain(const struct diags *diags)
{
	struct buf out;

	buf_init(&out, 4u << 20);
	diags_print(diags, &out);
	fputs(buf_str(&out), stderr);
	buf_release(&out);
}

void
pack_complain_json(const struct diags *diags)
{
	struct buf out;

	buf_init(&out, 4u << 20);
	for (size_t i = 0; i < diags->n; i++) {
		const struct diag *d = &diags->v[i];

		buf_addf(&out, "{\"level\":\"%s\",\"file\":", d->level == DIAG_ERROR ? "error" : "warning");
		buf_add_json(&out, d->file, strlen(d->file));
		buf_addf(&out, ",\"line\":%d,\"col\":%d,\"what\":", d->line, d->col);
		buf_add_json(&out, d->what, strlen(d->what));
		buf_adds(&out, ",\"source\":");
		if (d->source != NULL)
			buf_add_json(&out, d->source, strlen(d->source));
		else
			buf_adds(&out, "null");
		buf_adds(&out, "}\n");
	}
	fputs(buf_str(&out), stdout);
	buf_release(&out);
}

static int
read_all(struct pack *pack, struct diags *diags)
{
	for (size_t i = 0; i < pack->n; i++) {
		buf_init(&pack->bytes[i], RULES_BYTES_MAX);
		if (file_read(pack->paths[i], &pack->bytes[i]) == -1) {
			diag_add(diags, DIAG_ERROR, pack->paths[i], 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
			return -1;
		}
		pack->source[i] = (struct rule_source){ pack->paths[i], buf_str(&pack->bytes[i]), pack->bytes[i].len };
	}
	return 0;
}

int
pack_read(struct pack *pack, const char *dir, struct diags *diags)
{
	memset(pack, 0, sizeof(*pack));
	if (file_list(dir, ".rules", &pack->paths, &pack->n) == -1) {
		diag_add(diags, DIAG_ERROR, dir, 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
		pack->n = 0;
		return -1;
	}
	pack->source = calloc(pack->n + 1, sizeof(*pack->source));
	pack->bytes = calloc(pack->n + 1, sizeof(*pack->bytes));
	if (pack->source == NULL || pack->bytes == NULL)
		diag_add(diags, DIAG_ERROR, dir, 0, 0, NULL, 0, "out of memory");
	else if (pack->n == 0)
		diag_add(diags, DIAG_ERROR, dir, 0, 0, NULL, 0, "there are no .rules files here");
	else if (read_all(pack, diags) == 0)
		pack->rules = rulebook_new(pack->source, pack->n, diags);
	return pack->rules != NULL ? 0 : -1;
}

void
pack_release(struct pack *pack)
{
	rulebook_free(pack->rules);
	for (size_t i = 0; pack->bytes != NULL && i < pack->n; i++)
		buf_release(&pack->bytes[i]);
	free(pack->bytes);
	free(pack->source);
	file_list_free(pack->paths, pack->n);
	memset(pack, 0, sizeof(*pack));
}

struct rulebook *
pack_rules(const char *dir, struct diags *diags, size_t *files)
{
	struct rulebook *rb;
	struct pack pack;

	pack_read(&pack, dir, diags);
	*files = pack.n;
	rb = pack.rules;
	pack.rules = NULL;
	pack_release(&pack);
	return rb;
}

struct gazetteer *
pack_places(const char *dir, const char *file, struct diags *diags)
{
	char path[4096];

	if (file != NULL)
		return pack_gazetteer(file, false, diags);
	if ((size_t)snprintf(path, sizeof(path), "%s/gazetteer.tsv", dir) >= sizeof(path))
		return NULL;
	return pack_gazetteer(path, true, diags);
}

struct gazetteer *
pack_gazetteer(const char *path, bool missing_ok, struct diags *diags)
{
	struct gazetteer *gz = NULL;
	struct buf bytes;

	buf_init(&bytes, GAZETTEER_BYTES_MAX);
	if (file_read(path, &bytes) == 0)
		gz = gazetteer_new(&(struct gazetteer_source){ path, buf_str(&bytes), bytes.len }, 1, diags);
	else if (errno != ENOENT || !missing_ok)
		diag_add(diags, DIAG_ERROR, path, 0, 0, NULL, 0, "cannot be read: %s", strerror(errno));
	buf_release(&bytes);
	return gz;
}
