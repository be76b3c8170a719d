/* SPDX-License-Identifier: MIT */
/*
 * fixture.h - one TCP endpoint under test, and a peer who says exactly what the script tells it to.
 *
 * Sequence numbers in tests are small: ours count from ISS, the peer's from IRS. So
 *
 *	arrives(e, SYN, 0, 0, 0);
 *	expect(e, SYN | ACK, 0, 1, 0);
 *	arrives(e, ACK, 1, 1, 0);
 *
 * reads as <SEQ=IRS><CTL=SYN>, <SEQ=ISS><ACK=IRS+1><CTL=SYN,ACK>, <SEQ=IRS+1><ACK=ISS+1><CTL=ACK>,
 * and every test can run again where the numbers wrap. A failure prints the story so far.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <check.h>
#include <woshou/tcp.h>

#define MS(n) ((usec)(n)*USEC_PER_MS)
#define S(n)  ((usec)(n)*USEC_PER_S)

enum { END_BLOCKS = 512, END_OUT = 256, OUR_STREAM = 1, THEIR_STREAM = 2 };

/* Where sequence numbers start: somewhere, and just before 2^32. For tcase_add_loop_test. */
enum { ISS_PLAIN, ISS_WRAPS, ISS_CASES };

struct end {
	struct tcb tcb;
	struct tcp_env env;
	struct tcp_profile profile; /* the test changes what it likes before it opens */
	struct tcp_pool pool;
	seq32 iss, irs;
	uint16_t wnd;    /* what the peer announces in every segment */
	uint16_t mss;    /* in its SYN; 0: no option */
	uint16_t opts;   /* set of enum seg_opt: of its SYN; timestamps stand in every segment */
	uint8_t wscale;
	uint32_t tsval, tsecr;
	bool is_passive; /* how tcb_in opens */
	bool is_silent;  /* keeps no story: for the matrix */
	uint32_t told;   /* signals since the last expect_told */
	uint32_t outs, taken;
	struct seg out[END_OUT]; /* sent and not yet expected */
	struct tcp_block blocks[END_BLOCKS];
};

/* A CLOSED endpoint with a peer of window 65535 and MSS 1000, some time after the world began. */
void end_init(struct end *e, const char *profile, int iss_case);
void end_init_pool(struct end *e, const char *profile, int iss_case, uint32_t blocks);
void end_copy(struct end *to, const struct end *from);

/* Reaches the state by calls and segments, as a peer would bring it about: nothing is poked.
 * What was sent on the way is forgotten. Everything that was sent is acknowledged, but the FIN in
 * FIN-WAIT-1, CLOSING and LAST-ACK and the SYN in SYN-SENT and SYN-RECEIVED. */
void tcb_in(struct end *e, enum state s);

/* The peer's segment. `seq` from IRS, `ack` from ISS, `len` octets of text. */
void arrives(struct end *e, unsigned ctl, int64_t seq, int64_t ack, uint32_t len);
void arrives_urgent(struct end *e, unsigned ctl, int64_t seq, int64_t ack, uint32_t len,
		    uint16_t up);
void arrives_seg(struct end *e, const struct seg *s);
struct seg peer_seg(const struct end *e, unsigned ctl, int64_t seq, int64_t ack, uint32_t len);

enum tcp_answer call_open(struct end *e, enum tcp_open how);
enum tcp_answer call_send(struct end *e, uint32_t n,
			  unsigned flags); /* all n are taken, or fails */
enum tcp_answer call_close(struct end *e, enum tcp_close how);
enum tcp_answer call_abort(struct end *e);
/* Reads up to n octets, checks that they go on at `offset` of the peer's stream; says how many. */
uint32_t call_receive(struct end *e, uint32_t n, uint64_t offset, enum tcp_answer *last);
void drain(struct end *e); /* polls the segments of a call made directly */

/* Time passes, and every timer due in it is served at its moment. */
void after(struct end *e, usec span);

/* The next segment sent; `seq` from ISS, `ack` from IRS. PSH is not compared. */
const struct seg *expect_at(struct end *e, unsigned ctl, int64_t seq, int64_t ack, uint32_t len,
			    const char *file, int line);
void expect_nothing_at(struct end *e, const char *file, int line);
/* `span` passes without a segment until its last microsecond; what happens in that one is kept. */
void expect_silence_at(struct end *e, usec span, const char *file, int line);
void expect_state_at(const struct end *e, enum state s, const char *file, int line);
/* Exactly these signals of those in `among` since the last call. */
void expect_told_at(struct end *e, uint32_t signals, uint32_t among, const char *file, int line);
void expect_that_at(const struct end *e, bool holds, const char *what, const char *file, int line);
void expect_number_at(const struct end *e, int64_t is, int64_t should, const char *what,
		      const char *file, int line);

#define expect(e, ctl, seq, ack, len) expect_at(e, ctl, seq, ack, len, __FILE__, __LINE__)
#define expect_nothing(e)             expect_nothing_at(e, __FILE__, __LINE__)
#define expect_silence(e, span)       expect_silence_at(e, span, __FILE__, __LINE__)
#define expect_state(e, s)            expect_state_at(e, s, __FILE__, __LINE__)
#define expect_told(e, set)           expect_told_at(e, set, ~0u, __FILE__, __LINE__)
#define expect_told_of(e, set, among) expect_told_at(e, set, among, __FILE__, __LINE__)
#define expect_that(e, condition)     expect_that_at(e, condition, #condition, __FILE__, __LINE__)
#define expect_number(e, is, should)  expect_number_at(e, is, should, #is, __FILE__, __LINE__)

/* One line of a table test: a segment comes, and this is what must come of it. */
struct row {
	const char *name; /* ends the sentence "a LISTEN endpoint ..." */
	struct {
		unsigned ctl;
		int64_t seq, ack;
		uint32_t len;
	} in;
	struct {
		unsigned ctl; /* 0: nothing is sent */
		int64_t seq, ack;
	} out;
	enum state then;
	uint32_t told; /* exactly these signals */
};

void run_row(struct end *e, const struct row *r);

/* RULE_COUNT counters that outlive the process of a test (main.c), or NULL. */
extern uint64_t *rule_hits;

/* Transitions that the engine has noted since story_begin of this test. */
bool has_gone(enum state from, enum state to);

void forget(struct end *e); /* segments and signals so far are of no interest */
enum state state_of(const struct end *e);

/* The story of the current test. */
void story_begin(void);
void story_add(const char *format, ...) __attribute__((format(printf, 1, 2)));
void story_print(void);
const char *ctl_text(unsigned ctl);

#endif
