/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tunables of the data plane that no operator sets: each with its reason.
 */
#ifndef XLVS_CONFIG_H
#define XLVS_CONFIG_H

/* A half writes its time stamp when it is this old, so that its cache line stays clean: 15 ticks, 1.0 s. */
#define REFRESH_TICKS 15

/* A steady packet's time is the timer's last slice: so old at most (SLICE_DELAY_MAX_NS). Stamps are renewed so much earlier. */
#define CLOCK_LAG_TICKS 4
#define STAMP_TICKS (REFRESH_TICKS - CLOCK_LAG_TICKS)

/*
 * Slots one timer slice visits. Packets of its CPU wait meanwhile: 32 slots that live take some 20 us, 32 cold deletions of two
 * halves some 50.
 */
#define SLICE_CONNECTIONS 32
#define SLICE_PERSISTENCE 8

/*
 * A creation that found the table full visits so many slots itself, or fewer if it has freed enough: those it finds established it
 * puts behind, so that the next need not. Where a whole round has found nothing it takes fewer.
 */
#define RECLAIM_SLOTS 1024
#define RECLAIM_SLOTS_HOPELESS 64
#define RECLAIM_ENOUGH 16

/*
 * A closed connection gives way only when its last segments are this old (ticks, 2 s); one that was opened again, or has the port
 * of the router that another needs, when its SYN is.
 */
#define QUIET_TICKS 30

/* drop_entry lets no established connection or datagrams go before they have been idle for so long: 60 s. */
#define DISCARD_TICKS 894

/* While the table holds nothing that may give way, one new connection of so many looks again. */
#define HOPELESS_TRIES 16

/* The timer goes once round its ring in about this time, however full it is. */
#define ROUND_NS 8000000000ULL
#define SLICE_DELAY_MIN_NS 20000ULL
#define SLICE_DELAY_MAX_NS 250000000ULL

/* Without a daemon for this long (ticks, 30 s) the timer itself ages the cached next hops, as often. */
#define UNWATCHED_TICKS 447

/* A scheduler that lost the race for its state this often takes its pick all the same. */
#define SCHED_RETRIES 8

#endif
