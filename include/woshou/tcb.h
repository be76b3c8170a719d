/* SPDX-License-Identifier: MIT */
/*
 * tcb.h - the transmission control block (RFC 9293 section 3.3.1), a value of at most 368 octets
 * without pointers and without padding. Included by tcp.h. Fields are named as the RFC names them.
 */
#ifndef WOSHOU_TCB_H
#define WOSHOU_TCB_H

/* Congestion control's own part: RFC 5681's variables. Algorithms see this and nothing else. */
struct cc {
	uint32_t cwnd;     /* octets */
	uint32_t ssthresh; /* octets */
	uint32_t smss;
	uint32_t acked; /* octets acknowledged since cwnd last grew (congestion avoidance) */
	uint32_t more;  /* a block: what CUBIC and HyStart++ remember; 0: none yet */
};

enum tcb_flag {
	TCB_USER_GONE = 1 << 0,    /* CLOSE_BOTH: nobody will RECEIVE any more */
	TCB_CLOSE_QUEUED = 1 << 1, /* the user has closed, the FIN is not sent yet */
	TCB_FIN_SENT = 1 << 2,     /* it is; acknowledged when SND.UNA = SND.NXT */
	TCB_FIN_AHEAD = 1 << 3,    /* a FIN at rcv.fin waits for the text before it */
	TCB_TIMING = 1 << 4,       /* the RTT of snd.timed is being measured */
	TCB_SAMPLED = 1 << 5,      /* srtt and rttvar are valid */
	TCB_SYN_LOST = 1 << 6,     /* our SYN had to be repeated: RFC 6298 5.7, RFC 5681 3.1 */
	TCB_RECOVERING = 1 << 7,   /* fast recovery, RFC 5681 3.2 */
	TCB_PARTIAL = 1 << 8,      /* a partial ACK came in this recovery, RFC 6582 3.2 */
	TCB_R1_TOLD = 1 << 9,      /* R1 was reported for the segment at SND.UNA */
	TCB_URGENT_OUT = 1 << 10,  /* SND.UP is in advance of SND.UNA */
	TCB_URGENT_IN = 1 << 11,   /* RCV.UP is in advance of what the user has read */
	TCB_SYN_OUT = 1 << 12,     /* our SYN is not yet acknowledged */
	TCB_PING_PONG = 1 << 13,   /* what was heard was answered soon: ACKs wait for an answer */
	TCB_PUSHED = 1 << 14,      /* of the text that is owed an ACK some was pushed or short */
	TCB_SCALE = 1 << 15,       /* both have sent window scale, RFC 7323 2.2 */
	TCB_TIMESTAMPS = 1 << 16,  /* both have sent timestamps, RFC 7323 3.2 */
	TCB_SACK = 1 << 17,        /* both permit SACK, RFC 2018 2 */
	TCB_ECN = 1 << 18,         /* both speak ECN, RFC 3168 6.1.1 */
	TCB_ECE = 1 << 19,         /* every ACK carries ECE until CWR comes, RFC 3168 6.1.3 */
	TCB_CWR = 1 << 20,         /* the next new text carries CWR, RFC 3168 6.1.2 */
	TCB_LOSS = 1 << 21,        /* after a timeout, until RECOVER is acknowledged */
	TCB_REDUCED = 1 << 22,     /* ECE was reacted to, until RECOVER is, RFC 3168 6.1.2 */
	TCB_TAIL = 1 << 23,        /* a loss probe is due, RFC 8985 7.3 */
	TCB_REORDER = 1 << 24,     /* TIMER_LOSS waits for the reordering window, RFC 8985 6.2 */
	TCB_AFTER_RTO = 1 << 25,   /* this slow start follows a timeout, RFC 3465 2.3 */
	TCB_UTO = 1 << 26,         /* the next segment tells the user timeout, RFC 5482 3 */
	TCB_WRITER = 1 << 27,      /* a SEND found too little room, and no room was told of since */
	TCB_ROOM = 1 << 28,        /* text was acknowledged since: is there room? */
	TCB_CORKED = 1 << 29,      /* text was SENT while `cork` held it back */
	TCB_MORE = 1 << 30,        /* text was SENT without PUSH, and no ACK came since */
};

/* What tcp_poll_segment has to look at. Nothing set: nothing to send. */
enum tcb_due {
	DUE_SYN = 1 << 0,       /* our SYN or SYN,ACK, the first time or again */
	DUE_FRONT = 1 << 1,     /* the segment at SND.UNA again */
	DUE_RESEND = 1 << 2,    /* what lies from resend_at up to RECOVER again, as cwnd allows */
	DUE_NEW = 1 << 3,       /* perhaps new text or the FIN */
	DUE_OVERRIDE = 1 << 4,  /* new text at last, however little: 3.8.6.2.1 (4) */
	DUE_PROBE = 1 << 5,     /* zero-window probe */
	DUE_ACK = 1 << 6,       /* an ACK owed now */
	DUE_KEEPALIVE = 1 << 7, /* keep-alive probe */
};

/* A segment on the retransmission queue, as it was sent. */
struct rexmit {
	seq32 seq;         /* SEG.SEQ */
	uint16_t text;     /* octets */
	uint8_t ctl : 4;   /* of SYN, FIN, PSH; and REXMIT_TIED */
	uint8_t marks : 4; /* set of enum rexmit_mark */
	uint8_t times;     /* it was repeated */
	usec sent_at;      /* the last time */
};

/* What one segment has told about records not known to be delivered before. */
struct board_news {
	uint32_t acked, sacked; /* octets of the records newly acknowledged, newly SACKED */
	/* Of them the one sent last, and of the repetitions: RFC 8985 6.2, step 2. */
	bool has_newest, has_again;
	bool has_first;                 /* one of them was never repeated */
	bool has_other_copy, is_echoed; /* the echo is older than a repetition; there is one */
	seq32 newest_end, again_end;
	seq32 first; /* of those never repeated the lowest SEG.SEQ: RFC 8985 6.2, step 3 */
	usec newest_at, again_at;
	usec echo_until; /* what was sent again then or later is not what is echoed */
	usec first_at;   /* when the latest of those never repeated was sent */
	/* What the segment itself says. */
	bool has_sack, has_dsack, has_echo; /* a SACK option; a D-SACK, RFC 2883; timestamps */
	bool is_duplicate, has_ece;         /* RFC 5681 2; RFC 3168 6.1.2 */
	struct sack_block dsack;
	uint32_t echo; /* TSecr */
};

/* What is thought to have become of it. LOST excludes the two others. */
enum rexmit_mark {
	MARK_SACKED = 1 << 0, /* the peer holds it, RFC 2018 */
	MARK_LOST = 1 << 1,   /* it is to be sent again */
	MARK_AGAIN = 1 << 2,  /* it was, and that copy is on its way */
};

struct tcb {
	uint8_t state;  /* enum state */
	uint8_t keepalives; /* keep-alive probes not answered */
	uint8_t due;    /* set of enum tcb_due */
	uint8_t dupacks;
	uint32_t flags; /* set of enum tcb_flag */
	uint8_t rexmits;     /* timeouts of the segment at SND.UNA since it was sent or answered */
	uint8_t probes;      /* zero-window probes since the window closed: their back-off */
	uint16_t ack_rule;   /* why an ACK is owed */
	uint16_t send_rule;  /* why something is sent again */
	uint16_t challenges; /* challenge ACKs sent in the period that began at challenge_at */
	uint8_t origin : 3;      /* enum tcp_origin */
	uint8_t no_ect : 1;      /* with TCB_ECN: text is not marked, RFC 3168 6.1.1 */
	uint8_t rexmit_slot : 4; /* rexmitq: which of the two places in head is the front's */
	uint8_t snd_shift : 4, rcv_shift : 4; /* Snd.Wind.Shift, Rcv.Wind.Shift, RFC 7323 2.3 */
	uint16_t remote_uto; /* REMOTE_UTO, RFC 5482 3.1, as it was told; 0: never */
	seq32 iss, irs;
	seq32 recover; /* RECOVER, RFC 6582 */
	struct {
		seq32 una, nxt;
		uint32_t wnd;
		seq32 up, wl1, wl2;
		uint32_t max_wnd;  /* MAX.SND.WND, RFC 5961 5.2; Max(SND.WND), 3.8.6.2.1 */
		uint32_t queued;   /* octets SENT and not yet acknowledged */
		uint64_t offset;   /* in the stream, of the first octet not yet acknowledged */
		uint32_t stream;   /* of the user's octets */
		seq32 push;        /* the octet after the last one SENT with PUSH */
		seq32 timed;       /* SEG.SEQ+SEG.LEN of the segment whose RTT is measured */
		uint32_t more;     /* a block: see snd_more.h; 0: none */
		uint16_t mtu;      /* of the path, as a router told; 0: nobody did */
		uint16_t again;    /* segments sent again, in all; 65535: or more */
		uint16_t mss;      /* Eff.snd.MSS */
		uint16_t peer_mss; /* SendMSS: what the peer announced, or the default */
	} snd;
	struct {
		seq32 nxt;
		uint32_t wnd; /* as last told: RCV.NXT+RCV.WND is the edge the peer knows */
		seq32 up;
		uint32_t user; /* RCV.USER: octets received and acknowledged, not yet read */
		seq32 fin;     /* with TCB_FIN_AHEAD */
		uint32_t owed; /* octets of text not yet acknowledged by us */
		uint8_t owed_segments;
		uint8_t quick;  /* so many ACKs are still sent at once */
		uint16_t mss;   /* RMSS: what we announced */
		uint16_t heard; /* the longest text that came: what the peer calls full-sized */
		uint16_t held_count;      /* runs of text out of order that are held */
		struct text text;         /* the first run to be read */
		uint32_t more;            /* blocks: further runs to be read, the first */
		uint32_t memory;          /* a block: see memory.h; 0: none */
		uint32_t held, held_last; /* blocks: runs out of order, first and last */
	} rcv;
	struct {
		struct rexmit front; /* the segment at SND.UNA, with count > 0 */
		uint32_t count;
		uint32_t head, tail; /* leaves: the front's and the last one's, with count > 1 */
		uint32_t oldest, newest; /* places: the two ends of the order of sending */
		seq32 small; /* one past the last text sent that was not full-sized: Minshall */
	} rexmitq;
	struct {
		uint32_t recent;  /* TS.Recent, RFC 7323 4.3; with TCB_TIMESTAMPS */
		uint32_t at_s;    /* when it was taken, in seconds: PAWS' 24 days, RFC 7323 5.5 */
		seq32 last_ack;   /* Last.ACK.sent */
	} ts;
	uint32_t loss;     /* a block: what PRR, F-RTO and undo remember; 0: none yet */
	uint32_t rack;     /* a block: what RACK-TLP remembers; 0: none yet */
	uint32_t heard_ms; /* when text last came, modulo 2^32; with rcv.heard > 0 */
	struct {
		uint32_t sacked, lost; /* octets (SYN and FIN too) of records so marked */
		seq32 high;            /* one past the highest SACKED, with sacked > 0 */
	} board;                       /* the scoreboard, RFC 6675 2 */
	seq32 resend_at; /* with DUE_RESEND: where go-back-N goes on after a timeout */
	struct cc cc;
	uint32_t challenge_ms;  /* RFC 5961 7: when its period began, modulo 2^32 */
	uint32_t srtt, rttvar;  /* RFC 6298, microseconds; longer than 71 minutes counts as that */
	usec rto;
	usec timed_at;          /* with TCB_TIMING: when snd.timed was sent */
	usec oldest_at;    /* R2 counts from here: when the segment at SND.UNA was sent, if nothing
			    * was outstanding, or became the oldest; when the first zero-window
			    * probe without an answer was sent */
	usec sent_at;      /* when text was last sent, RFC 5681 4.1; -1: never */
	usec deadline[TIMER_COUNT];
};

_Static_assert(sizeof(struct tcb) <= 368, "a connection fits 368 octets");

/* What the option's field says, RFC 5482 3.3: seconds, or minutes where the highest bit is set. */
static inline usec tcp_user_timeout_of(uint16_t field)
{
	return (field & 0x7fff) * (field & 0x8000 ? 60 : 1) * USEC_PER_S;
}

/* What TIME-WAIT still needs of a TCB. */
struct tcb_time_wait {
	usec until;
	seq32 iss, irs, snd_nxt, rcv_nxt;
	uint32_t max_wnd, rcv_wnd;
	uint32_t ts_recent;
	uint16_t snd_wnd; /* before it is shifted */
	uint16_t rcv_mss;
	uint32_t flags;     /* 23 bits; a bit of origin, four each of snd_shift and rcv_shift */
	uint32_t challenge; /* when, in milliseconds modulo 2^24, and in 8 bits how many */
};

#endif
