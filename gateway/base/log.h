/* One event, one line: "event key=value …", escaped, to stderr (the journal). */
#ifndef TOCSIN_LOG_H
#define TOCSIN_LOG_H

#include <stdbool.h>

/*
 * The first word is the event (inbox.stored), then key=value pairs. Never a
 * phone number, never message text, never a place: ids and counts.
 * Control bytes and invalid UTF-8 are shown as '?', so that nobody can write
 * a log line by sending text. errno is preserved. Under systemd (JOURNAL_STREAM
 * set) each line starts with its syslog level, "<4>"; else with time and program.
 */
void	log_init(const char *program, bool debug);
void	log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void	log_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));	/* adds errno as error="…" */
void	log_warnx(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* For "we cannot keep a promise any more", never for input. Exit status 1. */
void	fatal(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));	/* adds errno */
void	fatalx(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
