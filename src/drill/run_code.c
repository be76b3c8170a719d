/* SPDX-License-Identifier: MIT */
/* run_code.c - what %{ }% asks about the socket under test: Linux's TCP_INFO, by its names. */
#include <drill/run.h>

#include <string.h>

static int64_t linux_state(enum state s)
{
	static const uint8_t numbers[STATE_COUNT] = {
		[CLOSED] = 7,      [LISTEN] = 10,    [SYN_SENT] = 2,   [SYN_RECEIVED] = 3,
		[ESTABLISHED] = 1, [FIN_WAIT_1] = 4, [FIN_WAIT_2] = 5, [CLOSE_WAIT] = 8,
		[CLOSING] = 11,    [LAST_ACK] = 9,   [TIME_WAIT] = 6,
	};

	return numbers[s];
}

/* Microseconds in milliseconds, as the kernel tells some of them. */
enum { MS = 1000 };

#define ASK(word, expression)                                                                      \
	if (strcmp(name, word) == 0) {                                                             \
		*value = (int64_t)(expression);                                                    \
		return true;                                                                       \
	}

static bool ask_counts(const struct sock_info *i, const char *name, int64_t *value)
{
	ASK("state", linux_state(i->state))
	ASK("ca_state", i->ca_state)
	ASK("options", i->options)
	ASK("snd_wscale", i->snd_wscale)
	ASK("rcv_wscale", i->rcv_wscale)
	ASK("retransmits", i->retransmits)
	ASK("probes", i->probes)
	ASK("backoff", i->backoff)
	ASK("snd_mss", i->snd_mss)
	ASK("rcv_mss", i->rcv_mss)
	ASK("advmss", i->advmss)
	ASK("snd_cwnd", i->snd_cwnd)
	ASK("snd_ssthresh", i->snd_ssthresh)
	ASK("unacked", i->unacked)
	ASK("sacked", i->sacked)
	ASK("lost", i->lost)
	ASK("retrans", i->retrans)
	ASK("total_retrans", i->total_retrans)
	ASK("reordering", i->reordering)
	ASK("reord_seen", i->reord_seen)
	ASK("fackets", 0)
	return false;
}

static bool ask_times(const struct sock_info *i, const char *name, int64_t *value)
{
	ASK("rto", i->rto)
	ASK("rtt", i->rtt)
	ASK("rttvar", i->rttvar)
	ASK("min_rtt", i->min_rtt)
	ASK("bytes_acked", i->bytes_acked)
	ASK("bytes_received", i->bytes_received)
	ASK("notsent_bytes", i->notsent)
	ASK("last_data_sent", i->last_data_sent / MS)
	ASK("last_data_recv", i->last_data_recv / MS)
	ASK("last_ack_recv", i->last_ack_recv / MS)
	ASK("busy_time", i->busy)
	ASK("rwnd_limited", i->rwnd_limited)
	ASK("sndbuf_limited", i->sndbuf_limited)
	return false;
}

#undef ASK

static const struct fd *under_test(const struct run *run)
{
	if (run->under_test < 0 || run->fd[run->under_test].kind != FD_SOCKET)
		return NULL;
	return &run->fd[run->under_test];
}

static bool ask(void *of, const char *name, int64_t *value)
{
	struct run *run = of;
	const struct fd *fd = under_test(run);
	struct sock_info info;

	if (!fd)
		return false;
	if (strcmp(name, "SK_MEMINFO_RCVBUF") == 0)
		return sock_option_get(run->world, fd->sock, "SO_RCVBUF", value) == SOCK_OK;
	if (strncmp(name, "tcpi_", 5) != 0 || !sock_info(run->world, fd->sock, &info))
		return false;
	return ask_counts(&info, name + 5, value) || ask_times(&info, name + 5, value);
}

void run_code(struct run *run, const struct drill_code *code)
{
	struct drill_code_result r =
		drill_code_run(code, run->variables, ask, run, &run->result->printed);
	struct drill_finding *f;

	if (r.verdict == CODE_HELD)
		return;
	f = run_find(run, FINDING_FAILURE, "%s%s%s",
		     r.verdict == CODE_FAILED ? "the assertion does not hold" : r.text,
		     r.message ? ": " : "", r.message ? r.message : "");
	if (r.at.line)
		f->at = r.at;
	if (r.verdict == CODE_FAILED)
		f->expected = run_text(run, "%s", r.text);
	if (r.values)
		f->actual = run_text(run, "%s", r.values);
	if (r.verdict == CODE_WRONG)
		run->is_over = true;
}
