/* SPDX-License-Identifier: MIT */
#include <drill/expr_parse.h>

#include <string.h>

static const struct {
	const char *name;
	int64_t value;
} constants[] = {
	{"TCP_CA_Open", 0},
	{"TCP_CA_Disorder", 1},
	{"TCP_CA_CWR", 2},
	{"TCP_CA_Recovery", 3},
	{"TCP_CA_Loss", 4},
	/* The states, as tcpi_state numbers them. */
	{"TCPI_ESTABLISHED", 1},
	{"TCPI_SYN_SENT", 2},
	{"TCPI_SYN_RECEIVED", 3},
	{"TCPI_FIN_WAIT_1", 4},
	{"TCPI_FIN_WAIT_2", 5},
	{"TCPI_TIME_WAIT", 6},
	{"TCPI_CLOSED", 7},
	{"TCPI_CLOSE_WAIT", 8},
	{"TCPI_LAST_ACK", 9},
	{"TCPI_LISTEN", 10},
	{"TCPI_CLOSING", 11},
	{"TCP_ESTABLISHED", 1},
	{"TCP_SYN_SENT", 2},
	{"TCP_SYN_RECV", 3},
	{"TCP_FIN_WAIT1", 4},
	{"TCP_FIN_WAIT2", 5},
	{"TCP_TIME_WAIT", 6},
	{"TCP_CLOSE", 7},
	{"TCP_CLOSE_WAIT", 8},
	{"TCP_LAST_ACK", 9},
	{"TCP_LISTEN", 10},
	{"TCP_CLOSING", 11},
	{"TCPI_OPT_TIMESTAMPS", 1},
	{"TCPI_OPT_SACK", 2},
	{"TCPI_OPT_WSCALE", 4},
	{"TCPI_OPT_ECN", 8},
	{"TCPI_OPT_ECN_SEEN", 16},
	{"TCPI_OPT_SYN_DATA", 32},
};

/* Of struct tcp_info and of the socket's memory. */
static const char *const figures[] = {"tcpi_state",
				      "tcpi_ca_state",
				      "tcpi_retransmits",
				      "tcpi_probes",
				      "tcpi_backoff",
				      "tcpi_options",
				      "tcpi_snd_wscale",
				      "tcpi_rcv_wscale",
				      "tcpi_delivery_rate_app_limited",
				      "tcpi_fastopen_client_fail",
				      "tcpi_rto",
				      "tcpi_ato",
				      "tcpi_snd_mss",
				      "tcpi_rcv_mss",
				      "tcpi_unacked",
				      "tcpi_sacked",
				      "tcpi_lost",
				      "tcpi_retrans",
				      "tcpi_fackets",
				      "tcpi_last_data_sent",
				      "tcpi_last_ack_sent",
				      "tcpi_last_data_recv",
				      "tcpi_last_ack_recv",
				      "tcpi_pmtu",
				      "tcpi_rcv_ssthresh",
				      "tcpi_rtt",
				      "tcpi_rttvar",
				      "tcpi_snd_ssthresh",
				      "tcpi_snd_cwnd",
				      "tcpi_advmss",
				      "tcpi_reordering",
				      "tcpi_rcv_rtt",
				      "tcpi_rcv_space",
				      "tcpi_total_retrans",
				      "tcpi_pacing_rate",
				      "tcpi_max_pacing_rate",
				      "tcpi_bytes_acked",
				      "tcpi_bytes_received",
				      "tcpi_segs_out",
				      "tcpi_segs_in",
				      "tcpi_notsent_bytes",
				      "tcpi_min_rtt",
				      "tcpi_data_segs_in",
				      "tcpi_data_segs_out",
				      "tcpi_delivery_rate",
				      "tcpi_busy_time",
				      "tcpi_rwnd_limited",
				      "tcpi_sndbuf_limited",
				      "tcpi_delivered",
				      "tcpi_delivered_ce",
				      "tcpi_bytes_sent",
				      "tcpi_bytes_retrans",
				      "tcpi_dsack_dups",
				      "tcpi_reord_seen",
				      "tcpi_rcv_ooopack",
				      "tcpi_snd_wnd",
				      "tcpi_rcv_wnd",
				      "tcpi_rehash",
				      "tcpi_total_rto",
				      "tcpi_total_rto_recoveries",
				      "tcpi_total_rto_time",
				      "SK_MEMINFO_RMEM_ALLOC",
				      "SK_MEMINFO_RCVBUF",
				      "SK_MEMINFO_WMEM_ALLOC",
				      "SK_MEMINFO_SNDBUF",
				      "SK_MEMINFO_FWD_ALLOC",
				      "SK_MEMINFO_WMEM_QUEUED",
				      "SK_MEMINFO_OPTMEM",
				      "SK_MEMINFO_BACKLOG",
				      "SK_MEMINFO_DROPS",
				      NULL};

bool drill_code_constant(const char *name, int64_t *value)
{
	for (size_t i = 0; i < sizeof constants / sizeof constants[0]; i++) {
		if (strcmp(constants[i].name, name) == 0) {
			*value = constants[i].value;
			return true;
		}
	}
	return false;
}

bool drill_code_is_figure(const char *name)
{
	for (size_t i = 0; figures[i]; i++)
		if (strcmp(figures[i], name) == 0)
			return true;
	return false;
}

const char *const *drill_code_figures(void)
{
	return figures;
}
