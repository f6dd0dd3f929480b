/* The line lexer: words, strings, patterns, continuations, comments, and a place for every fault. */
#include "logic/lex.h"
#include "unit/test.h"

struct fixture {
	struct diags diags;
	struct lex lx;
	struct lex_statement st;
};

static void
begin(struct fixture *f, const char *text)
{
	memset(f, 0, sizeof(*f));
	diags_init(&f->diags);
	lex_init(&f->lx, "t.rules", text, strlen(text), &f->diags);
}

static void
end(struct fixture *f)
{
	lex_release(&f->st);
	diags_release(&f->diags);
}

/* The tokens as "kind:text kind:text …". */
static const char *
shown(const struct lex_statement *st)
{
	static char out[512];
	size_t n = 0;

	out[0] = '\0';
	for (size_t i = 0; i < st->n && n < sizeof(out) - 64; i++)
		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%c%.*s", i > 0 ? " " : "", "wsp,"[st->v[i].kind],
		    st->v[i].kind == LEX_COMMA ? 0 : (int)st->v[i].len, st->v[i].p);
	return out;
}

TEST(words_strings_patterns_and_commas)
{
	struct fixture f;

	begin(&f, "ATK 8 fr coup de feu,tirs \"a \\\"b\" /x\\/y #z/ # comment\n");
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK_STR(shown(&f.st), "wATK w8 wfr wcoup wde wfeu , wtirs sa \\\"b px\\/y #z");
	CHECK_INT(lex_next(&f.lx, &f.st), 0);
	CHECK_INT(f.diags.errors, 0);
	end(&f);
}

TEST(a_hash_inside_a_word_is_no_comment)
{
	struct fixture f;

	begin(&f, "a#b #c\n");
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK_STR(shown(&f.st), "wa#b");
	end(&f);
}

TEST(indented_lines_continue_over_comments_and_blank_lines)
{
	struct fixture f;

	begin(&f, "one\n\ttwo\n# between\n\n  # indented comment\n  three\nfour\n");
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK_STR(shown(&f.st), "wone wtwo wthree");
	CHECK_INT(f.st.v[2].line, 6);
	CHECK_INT(f.st.v[2].col, 3);
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK_STR(shown(&f.st), "wfour");
	CHECK_INT(lex_next(&f.lx, &f.st), 0);
	end(&f);
}

TEST(crlf_byte_order_mark_and_no_last_newline)
{
	struct fixture f;

	begin(&f, "\xEF\xBB\xBFun deux\r\n\ttrois\r\nquatre");
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK_STR(shown(&f.st), "wun wdeux wtrois");
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK_STR(shown(&f.st), "wquatre");
	CHECK_INT(f.diags.errors, 0);
	end(&f);
}

static const struct fault_row {
	const char *text;
	int	 line, col;
	const char *what;	/* a piece of it */
} faults[] = {
	{ "ok\nbad \"open\n", 2, 5, "closing quote" },
	{ "x /open\n", 1, 3, "closing slash" },
	{ "  indented\n", 1, 1, "nothing above" },
	{ "a \x01\n", 1, 3, "control" },
	{ "a b\xFFz\n", 1, 4, "UTF-8" },
};

TEST(every_fault_has_its_place)
{
	struct fixture f;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		begin(&f, faults[i].text);
		while (lex_next(&f.lx, &f.st) == 1)
			;
		CHECK_MSG(f.diags.n == 1, "row %zu: %zu faults", i, f.diags.n);
		if (f.diags.n > 0) {
			CHECK_MSG(f.diags.v[0].line == faults[i].line && f.diags.v[0].col == faults[i].col, "row %zu: %d:%d", i,
			    f.diags.v[0].line, f.diags.v[0].col);
			CHECK_MSG(strstr(f.diags.v[0].what, faults[i].what) != NULL, "row %zu: %s", i, f.diags.v[0].what);
		}
		end(&f);
	}
}

TEST(a_faulty_statement_says_so_and_the_next_is_read)
{
	struct fixture f;

	begin(&f, "a \"open\nb\n");
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK(f.st.faulty);
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK(!f.st.faulty);
	CHECK_STR(shown(&f.st), "wb");
	end(&f);
}

TEST(unquote_drops_escapes_and_refuses_what_does_not_fit)
{
	struct fixture f;
	char out[16];

	begin(&f, "\"a \\\"b\\\\ \\n\"\n");
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK_INT(lex_unquote(&f.st.v[0], out, sizeof(out)), 8);
	CHECK_STR(out, "a \"b\\ \\n");
	CHECK_INT(lex_unquote(&f.st.v[0], out, 8), -1);
	CHECK_INT(lex_unquote(&f.st.v[0], out, 0), -1);
	end(&f);
}

TEST(a_statement_has_a_ceiling)
{
	struct fixture f;
	char *text = malloc(2 * (LEX_TOKENS_MAX + 50) + 1);
	size_t n = 0;

	for (int i = 0; i < LEX_TOKENS_MAX + 50; i++) {
		text[n++] = 'x';
		text[n++] = ' ';
	}
	text[n] = '\0';
	begin(&f, text);
	CHECK_INT(lex_next(&f.lx, &f.st), 1);
	CHECK_INT(f.st.n, LEX_TOKENS_MAX);
	CHECK(f.st.faulty);
	CHECK_INT(f.diags.errors, 1);
	end(&f);
	free(text);
}

/* Whatever the bytes: it ends, and every token lies inside the text, on the line it names. */
TEST(random_bytes_end_and_tokens_stay_inside)
{
	static const char alphabet[] = "ab \t\n\r\"/\\,#\xC3\xA9\xFF!";
	char text[200];
	struct fixture f;

	for (int round = 0; round < 3000; round++) {
		size_t n = test_below(sizeof(text) - 1), statements = 0;

		for (size_t i = 0; i < n; i++)
			text[i] = alphabet[test_below(sizeof(alphabet) - 1)];
		text[n] = '\0';
		begin(&f, text);
		while (lex_next(&f.lx, &f.st) == 1 && statements++ < 300) {
			for (size_t i = 0; i < f.st.n; i++) {
				const struct lex_token *t = &f.st.v[i];

				CHECK(t->p >= text && t->p + t->len <= text + strlen(text) && t->line >= 1 && t->col >= 1);
				CHECK(t->row <= t->p && t->p + t->len <= t->row + t->row_len);
			}
		}
		CHECK(statements < 300);
		for (size_t i = 0; i < f.diags.n; i++)
			CHECK(f.diags.v[i].line >= 1 && f.diags.v[i].col >= 1);
		end(&f);
	}
}

TEST_MAIN(TEST_ROW(words_strings_patterns_and_commas), TEST_ROW(a_hash_inside_a_word_is_no_comment),
    TEST_ROW(indented_lines_continue_over_comments_and_blank_lines), TEST_ROW(crlf_byte_order_mark_and_no_last_newline),
    TEST_ROW(every_fault_has_its_place), TEST_ROW(a_faulty_statement_says_so_and_the_next_is_read),
    TEST_ROW(unquote_drops_escapes_and_refuses_what_does_not_fit), TEST_ROW(a_statement_has_a_ceiling),
    TEST_ROW(random_bytes_end_and_tokens_stay_inside))
