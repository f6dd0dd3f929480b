/* What the modem process gives up before it reads a byte from outside. */
#ifndef TOCSIN_SANDBOX_H
#define TOCSIN_SANDBOX_H

/*
 * Dies with its parent, gains no privileges, leaves no core file, keeps only
 * descriptors 0-3, and has ceilings on memory and descriptors. libgammu's
 * decoders are memory-unsafe on hostile messages: this is what a message that
 * takes the process over is left with. -1: errno set, *what says which step.
 */
int	sandbox_enter(const char **what);

#define SANDBOX_FILES	32	/* descriptors: all are below this number */

#endif
