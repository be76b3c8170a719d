/* SPDX-License-Identifier: MIT */
#include "live/sockdiag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <base/array.h>
#include <woshou/lang.h>
#include "live/loop.h"

enum {
	REPLY_ROOM = 1 << 16, /* the kernel's parts of an answer have 32 KiB at most */
	INFO_ROOM = 512,
	INFO_RCV_WND = 232, /* linux 6.2: behind what older headers know */
	NO_SSTHRESH = 0x7fffffff,
	KERNEL_LISTEN = 10,
	KERNEL_STATES = 0xffe, /* 1 to 11 */
};

struct sockdiag {
	int fd;
	uint32_t seq;
	_Alignas(struct nlmsghdr) char reply[REPLY_ROOM];
};

/* ---- one socket ------------------------------------------------------------------------------ */

/* The kernel's numbers, include/net/tcp_states.h. */
static const enum state states[] = {
	[1] = ESTABLISHED, [2] = SYN_SENT,  [3] = SYN_RECEIVED, [4] = FIN_WAIT_1,
	[5] = FIN_WAIT_2,  [6] = TIME_WAIT, [7] = CLOSED,       [8] = CLOSE_WAIT,
	[9] = LAST_ACK,    [10] = LISTEN,   [11] = CLOSING,
};

static uint8_t timer_of(uint8_t kernels)
{
	static const uint8_t timers[] = {
		[1] = SIGHT_TIMER_REXMIT,
		[2] = SIGHT_TIMER_KEEPALIVE,
		[3] = SIGHT_TIMER_TIME_WAIT,
		[4] = SIGHT_TIMER_PERSIST,
	};

	return kernels < sizeof timers / sizeof timers[0] ? timers[kernels] : SIGHT_TIMER_NONE;
}

/* An IPv4 connection of an IPv6 socket is told as ::ffff:a.b.c.d: it is IPv4 on the wire. */
static struct endpoint endpoint_of(uint8_t family, const __be32 address[4], __be16 port)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct endpoint e = {.port = ntohs(port)};
	const uint8_t *octets = (const uint8_t *)address;

	if (family == AF_INET || memcmp(octets, mapped, sizeof mapped) == 0) {
		e.address.family = FAMILY_IPV4;
		memcpy(e.address.octets, family == AF_INET ? octets : octets + sizeof mapped, 4);
	} else {
		e.address.family = FAMILY_IPV6;
		memcpy(e.address.octets, octets, 16);
	}
	return e;
}

/* As much as this kernel told, and no more: what it does not know stays 0. */
static void take_info(const void *octets, size_t n, struct socket_sight *s)
{
	union {
		struct tcp_info info;
		char octets[INFO_ROOM];
	} u = {.octets = {0}};
	const struct tcp_info *i = &u.info;

	memcpy(u.octets, octets, n < sizeof u.octets ? n : sizeof u.octets);
	memcpy(&s->rcv_wnd, u.octets + INFO_RCV_WND, sizeof s->rcv_wnd);
	s->has_info = true;
	s->rto = i->tcpi_rto;
	s->srtt = i->tcpi_rtt;
	s->rttvar = i->tcpi_rttvar;
	s->ato = i->tcpi_ato;
	s->snd_mss = i->tcpi_snd_mss;
	s->rcv_mss = i->tcpi_rcv_mss;
	s->cwnd = i->tcpi_snd_cwnd;
	s->ssthresh = i->tcpi_snd_ssthresh >= NO_SSTHRESH ? 0 : i->tcpi_snd_ssthresh;
	s->unacked = i->tcpi_unacked;
	s->sacked = i->tcpi_sacked;
	s->lost = i->tcpi_lost;
	s->retrans = i->tcpi_retrans;
	s->total_retrans = i->tcpi_total_retrans;
	s->reordering = i->tcpi_reordering;
	s->snd_wnd = i->tcpi_snd_wnd;
	s->rcv_space = i->tcpi_rcv_space;
	s->octets_acked = i->tcpi_bytes_acked;
	s->octets_received = i->tcpi_bytes_received;
	s->snd_wscale = i->tcpi_snd_wscale;
	s->rcv_wscale = i->tcpi_rcv_wscale;
	s->options = i->tcpi_options;
	s->ca_state = i->tcpi_ca_state;
}

static void take_attributes(const struct rtattr *a, size_t left, struct socket_sight *s)
{
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		size_t n = RTA_PAYLOAD(a);

		if (a->rta_type == INET_DIAG_INFO) {
			take_info(RTA_DATA(a), n, s);
		} else if (a->rta_type == INET_DIAG_CONG) {
			n = n < sizeof s->congestion ? n : sizeof s->congestion - 1;
			memcpy(s->congestion, RTA_DATA(a), n);
		}
	}
}

static bool read_socket(const struct nlmsghdr *h, usec at, struct socket_sight *s)
{
	const struct inet_diag_msg *m = NLMSG_DATA(h);

	if (h->nlmsg_len < NLMSG_LENGTH(sizeof *m) || m->idiag_state == 0 ||
	    m->idiag_state >= sizeof states / sizeof states[0])
		return false;
	*s = (struct socket_sight){
		.at = at,
		.self = endpoint_of(m->idiag_family, m->id.idiag_src, m->id.idiag_sport),
		.state = states[m->idiag_state],
		.timer = timer_of(m->idiag_timer),
		.retransmits = m->idiag_retrans,
		.receive_queue = m->idiag_rqueue,
		.send_queue = m->idiag_wqueue,
		.inode = m->idiag_inode,
		.is_orphan = m->idiag_inode == 0,
	};
	if (m->idiag_state != KERNEL_LISTEN)
		s->peer = endpoint_of(m->idiag_family, m->id.idiag_dst, m->id.idiag_dport);
	if (s->timer != SIGHT_TIMER_NONE)
		s->timer_left = (usec)m->idiag_expires * 1000;
	s->is_fin_wait_2 = s->state == FIN_WAIT_2 && s->timer == SIGHT_TIMER_TIME_WAIT;
	take_attributes((const struct rtattr *)(m + 1), h->nlmsg_len - NLMSG_LENGTH(sizeof *m), s);
	return true;
}

/* ---- the request ----------------------------------------------------------------------------- */

/* "sport is this, or dport is": the kernel goes through its sockets and copies none of the others.
 * A jump to the end says yes, one past it no. Two steps for an equality: so do the oldest kernels
 * that understand this, and so the newest. */
enum { FILTER_YES = 36, FILTER_NO = 40, FILTER_OR = 20, FILTER_OPS = 9 };

static void filter_equals(struct inet_diag_bc_op *op, uint8_t ge, uint16_t port, int otherwise)
{
	for (int i = 0; i < 2; i++) {
		op[2 * i] = (struct inet_diag_bc_op){
			.code = (uint8_t)(ge + i), /* ..._GE, ..._LE */
			.yes = 2 * sizeof *op,
			.no = (unsigned short)(otherwise - i * 2 * (int)sizeof *op),
		};
		op[2 * i + 1] = (struct inet_diag_bc_op){.no = port};
	}
}

static void filter_make(struct inet_diag_bc_op op[FILTER_OPS], uint16_t port)
{
	enum { JUMP = 4, SECOND = 5, OP = sizeof *op };

	_Static_assert(OP == 4 && FILTER_OPS * OP == FILTER_YES && SECOND * OP == FILTER_OR, "");
	filter_equals(op, INET_DIAG_BC_S_GE, port, FILTER_OR);
	op[JUMP] = (struct inet_diag_bc_op){
		.code = INET_DIAG_BC_JMP,
		.yes = OP,
		.no = FILTER_YES - JUMP * OP,
	};
	filter_equals(op + SECOND, INET_DIAG_BC_D_GE, port, FILTER_NO - FILTER_OR);
}

static bool ask(struct sockdiag *d, uint8_t family, uint16_t port)
{
	struct {
		struct nlmsghdr header;
		struct inet_diag_req_v2 request;
		struct rtattr attribute;
		struct inet_diag_bc_op filter[FILTER_OPS];
	} message = {
		.header = {.nlmsg_len = sizeof message,
			   .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			   .nlmsg_seq = ++d->seq},
		.request = {.sdiag_family = family,
			    .sdiag_protocol = IPPROTO_TCP,
			    .idiag_ext = 1 << (INET_DIAG_INFO - 1) | 1 << (INET_DIAG_CONG - 1),
			    .idiag_states = KERNEL_STATES},
		.attribute = {.rta_len = RTA_LENGTH(sizeof message.filter),
			      .rta_type = INET_DIAG_REQ_BYTECODE},
	};
	const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	ssize_t sent;

	filter_make(message.filter, port);
	do
		sent = sendto(d->fd, &message, sizeof message, 0, (const void *)&kernel,
			      sizeof kernel);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)sizeof message;
}

/* ---- the answer ------------------------------------------------------------------------------ */

struct answer {
	sockdiag_see *see;
	void *user;
	bool is_over, is_half; /* the whole of it was told; or something changed meanwhile */
	int error;
};

/* NLMSG_ERROR begins with the error, as NLMSG_DONE does: negative, or 0. */
static int error_of(const struct nlmsghdr *h)
{
	int error = 0;

	if (h->nlmsg_len >= NLMSG_LENGTH(sizeof error))
		memcpy(&error, NLMSG_DATA(h), sizeof error);
	return -error;
}

static void hear(const struct sockdiag *d, size_t n, usec at, struct answer *a)
{
	const struct nlmsghdr *h = (const struct nlmsghdr *)d->reply;
	struct socket_sight s;

	for (; NLMSG_OK(h, n) && !a->is_over; h = NLMSG_NEXT(h, n)) {
		if (h->nlmsg_seq != d->seq)
			continue; /* of an answer that was given up */
		if (h->nlmsg_flags & NLM_F_DUMP_INTR)
			a->is_half = true;
		if (h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR) {
			a->is_over = true;
			a->error = error_of(h);
		} else if (h->nlmsg_type == SOCK_DIAG_BY_FAMILY && read_socket(h, at, &s)) {
			a->see(a->user, &s);
		}
	}
}

/* A part is made while the one before it is fetched. It is stamped with when that began: what is
 * told may be younger than its stamp, but never older. */
static bool hear_all(struct sockdiag *d, usec made, struct answer *a)
{
	while (!a->is_over) {
		struct sockaddr_nl from = {0};
		struct iovec part = {d->reply, sizeof d->reply};
		struct msghdr m = {.msg_name = &from,
				   .msg_namelen = sizeof from,
				   .msg_iov = &part,
				   .msg_iovlen = 1};
		usec next = clock_wall();
		ssize_t n = recvmsg(d->fd, &m, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (from.nl_pid != 0)
			continue; /* not the kernel's words */
		if (m.msg_flags & MSG_TRUNC)
			a->is_half = true;
		else
			hear(d, (size_t)n, made, a);
		made = next;
	}
	if (a->error != 0 || a->is_half)
		errno = a->error != 0 ? a->error : EAGAIN;
	return a->error == 0 && !a->is_half;
}

static bool look_at(struct sockdiag *d, uint8_t family, uint16_t port, sockdiag_see *see,
		    void *user)
{
	struct answer a = {.see = see, .user = user};
	usec asked = clock_wall();

	return ask(d, family, port) && hear_all(d, asked, &a);
}

bool sockdiag_look(struct sockdiag *d, uint16_t port, sockdiag_see *see, void *user)
{
	if (!look_at(d, AF_INET, port, see, user))
		return false;
	/* A kernel without IPv6 has no IPv6 sockets to tell of. */
	return look_at(d, AF_INET6, port, see, user) || errno == ENOENT;
}

static void ignore(void *user, const struct socket_sight *s)
{
	(void)user;
	(void)s;
}

/* ENOENT: "no such family of questions". */
static void complain(struct sink complaint[2])
{
	int error = errno;

	sink_printf(&complaint[LANG_EN],
		    "the kernel does not tell about its sockets (NETLINK_SOCK_DIAG: %s)",
		    strerror(error));
	sink_printf(&complaint[LANG_ZH], "内核不肯说它的套接字（NETLINK_SOCK_DIAG：%s）",
		    strerror(error));
	if (error == ENOENT || error == EPROTONOSUPPORT) {
		sink_puts(&complaint[LANG_EN], ": it has no CONFIG_INET_DIAG, or the module "
					       "tcp_diag is missing (modprobe tcp_diag)");
		sink_puts(&complaint[LANG_ZH],
			  "：它没有 CONFIG_INET_DIAG，或者缺 tcp_diag 模块 (modprobe tcp_diag)");
	}
	errno = error;
}

struct sockdiag *sockdiag_open(struct sink complaint[2])
{
	struct sockdiag *d = xcalloc(1, sizeof *d);

	d->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	/* Whether it really answers is seen from an answer. */
	if (d->fd >= 0 && look_at(d, AF_INET, 0, ignore, NULL))
		return d;
	complain(complaint);
	sockdiag_close(d);
	return NULL;
}

void sockdiag_close(struct sockdiag *d)
{
	if (d == NULL)
		return;
	if (d->fd >= 0)
		close(d->fd);
	free(d);
}
