/* tocsinctl reporter: who agreed to report, and who is to be left alone. */
#ifndef TOCSIN_REPORTERS_H
#define TOCSIN_REPORTERS_H

#include "core/request.h"

/* reporter add|list|forget|silence: see the table in reporters.c. Numbers are forgotten as soon as their pseudonym is made. */
enum ctl_exit	reporters_command(struct request *);

#endif
