/* SPDX-License-Identifier: MIT */
#include "live/sniff.h"

#include <stdlib.h>
#include <string.h>
#include <woshou/lang.h>

#ifdef WOSHOU_HAS_PCAP

#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <base/array.h>
#include <base/harmless.h>

enum {
	/* More than any frame: on the loopback a segment may have 64 KiB. */
	SNAPLEN = 262144,
	/* Frames wait here until we turn to them. The kernel fills it block by block, and gives
	 * a block to us when it is full or so old: the ring holds many small frames, or more
	 * than a second of sparse ones. "Immediate" mode would give each frame room for the
	 * largest there may be. */
	RING = 32 << 20,
	AGE_MS = 10,
	TURN_MOST = 4096, /* frames */
};

struct sniff {
	pcap_t *pcap;
	int fd, link;
};

struct turn {
	const struct sniff *sniff;
	sniff_see *see;
	void *user;
};

static void complain_of_permission(struct sink complaint[2])
{
	sink_puts(&complaint[LANG_EN],
		  "segments are not shown: capturing them needs root or CAP_NET_RAW. Start it with "
		  "sudo; or once: sudo setcap cap_net_raw+ep \"$(command -v woshou)\"; or in a "
		  "network of its own: woshou echo lab");
	sink_puts(&complaint[LANG_ZH],
		  "看不到段：抓包要 root 或 CAP_NET_RAW。可用 sudo 运行；或做一次 sudo setcap "
		  "cap_net_raw+ep \"$(command -v woshou)\"；或在自己的网络里：woshou echo lab");
}

static void complain(pcap_t *p, const char *interface, int status, struct sink complaint[2])
{
	const char *detail = p != NULL ? pcap_geterr(p) : "";

	sink_printf(&complaint[LANG_EN], "segments are not shown: no capture on %s (", interface);
	sink_printf(&complaint[LANG_ZH], "看不到段：无法在 %s 上抓包 (", interface);
	for (int i = 0; i < 2; i++) {
		if (detail[0] == '\0' || status == PCAP_ERROR_NO_SUCH_DEVICE)
			detail = pcap_statustostr(status);
		put_harmless(&complaint[i], detail, strlen(detail));
		sink_putc(&complaint[i], ')');
	}
}

static int set_up(pcap_t *p)
{
	int status = pcap_set_snaplen(p, SNAPLEN);

	if (status == 0)
		status = pcap_set_buffer_size(p, RING);
	if (status == 0)
		status = pcap_set_timeout(p, AGE_MS);
	return status == 0 ? pcap_activate(p) : status;
}

/* Both families; compiled for the link's headers and done by the kernel. libpcap shows a frame on
 * the loopback once, when it comes in. */
static int filter(pcap_t *p, uint16_t port)
{
	char reason[PCAP_ERRBUF_SIZE];
	struct bpf_program program;
	char text[32];
	int status;

	snprintf(text, sizeof text, "tcp port %u", (unsigned)port);
	if (pcap_compile(p, &program, text, 1, PCAP_NETMASK_UNKNOWN) != 0)
		return PCAP_ERROR;
	status = pcap_setfilter(p, &program);
	pcap_freecode(&program);
	return status == 0 ? pcap_setnonblock(p, 1, reason) : status;
}

struct sniff *sniff_open(const char *interface, uint16_t port, bool *is_forbidden,
			 struct sink complaint[2])
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *p = pcap_create(interface, reason);
	int status = p != NULL ? set_up(p) : PCAP_ERROR;
	struct sniff *s;

	*is_forbidden =
		status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED;
	if (status >= 0) /* a warning is none to us: nobody asked for promiscuity */
		status = filter(p, port);
	if (status != 0) {
		if (*is_forbidden)
			complain_of_permission(complaint);
		else
			complain(p, interface, status, complaint);
		if (p != NULL)
			pcap_close(p);
		return NULL;
	}
	s = xcalloc(1, sizeof *s);
	*s = (struct sniff){.pcap = p, .fd = pcap_get_selectable_fd(p), .link = pcap_datalink(p)};
	/* A program that is started from here must not hear what we may hear. */
	fcntl(s->fd, F_SETFD, FD_CLOEXEC);
	return s;
}

int sniff_fd(const struct sniff *s)
{
	return s->fd;
}

static void got(u_char *user, const struct pcap_pkthdr *h, const u_char *octets)
{
	const struct turn *t = (const struct turn *)user;
	const struct frame_sight f = {
		.at = (usec)h->ts.tv_sec * 1000000 + h->ts.tv_usec,
		.link = t->sniff->link,
		.octets = octets,
		.size = h->caplen,
		.wire_size = h->len,
	};

	t->see(t->user, &f);
}

void sniff_turn(struct sniff *s, sniff_see *see, void *user)
{
	struct turn t = {s, see, user};

	pcap_dispatch(s->pcap, TURN_MOST, got, (u_char *)&t);
}

uint64_t sniff_missed(struct sniff *s)
{
	struct pcap_stat stat;

	return pcap_stats(s->pcap, &stat) == 0 ? stat.ps_drop : 0;
}

void sniff_close(struct sniff *s)
{
	if (s == NULL)
		return;
	pcap_close(s->pcap);
	free(s);
}

#else

struct sniff *sniff_open(const char *interface, uint16_t port, bool *is_forbidden,
			 struct sink complaint[2])
{
	(void)interface;
	(void)port;
	*is_forbidden = false;
	sink_puts(&complaint[LANG_EN], "segments are not shown: this woshou was built without "
				       "libpcap. Install libpcap-dev and build it again");
	sink_puts(&complaint[LANG_ZH],
		  "看不到段：这个 woshou 编译时没有 libpcap。请装 libpcap-dev 后重新编译");
	return NULL;
}

int sniff_fd(const struct sniff *s)
{
	(void)s;
	return -1;
}

void sniff_turn(struct sniff *s, sniff_see *see, void *user)
{
	(void)s;
	(void)see;
	(void)user;
}

uint64_t sniff_missed(struct sniff *s)
{
	(void)s;
	return 0;
}

void sniff_close(struct sniff *s)
{
	(void)s;
}

#endif
