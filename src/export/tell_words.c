/* SPDX-License-Identifier: MIT */
#include "export/tell_words.h"

/* clang-format off */
const struct phrase tell_whats[LOOK_COUNT] = {
	[LOOK_SYN]      = {{"wave", "招手"}},
	[LOOK_SYN_ACK]  = {{"nod and wave", "点头和招手"}},
	[LOOK_RST]      = {{"slam of the door", "摔门声"}},
	[LOOK_FIN]      = {{"wave goodbye", "挥手告别"}},
	[LOOK_FIN_DATA] = {{"last words and wave goodbye", "最后的话和挥手告别"}},
	[LOOK_DATA]     = {{"words", "话"}},
	[LOOK_NO_ROOM]  = {{"nod with covered ears", "捂着耳朵的点头"}},
	[LOOK_ACK]      = {{"nod", "点头"}},
	[LOOK_EMPTY]    = {{"empty gesture", "空手势"}},
};

const struct phrase tell_sends[LOOK_COUNT] = {
	[LOOK_SYN]      = {{"{who} waves to {peer} (SYN, {numbers}).",
			    "{who}向{peer}招手（SYN，{numbers}）。"}},
	[LOOK_SYN_ACK]  = {{"{who} nods with a smile and waves back to {peer} (SYN+ACK, {numbers}).",
			    "{who}向{peer}点头微笑，也招起手来（SYN+ACK，{numbers}）。"}},
	[LOOK_RST]      = {{"{who} slams the door on {peer} (RST, {numbers}).",
			    "{who}对{peer}摔门（RST，{numbers}）。"}},
	[LOOK_FIN]      = {{"{who} waves goodbye to {peer} (FIN, {numbers}).",
			    "{who}向{peer}挥手告别（FIN，{numbers}）。"}},
	[LOOK_FIN_DATA] = {{"{who} says {said} to {peer} and waves goodbye (FIN, {numbers}).",
			    "{who}对{peer}说{said}，随即挥手告别（FIN，{numbers}）。"}},
	[LOOK_DATA]     = {{"{who} says {said} to {peer} ({numbers}).",
			    "{who}对{peer}说{said}（{numbers}）。"}},
	[LOOK_NO_ROOM]  = {{"{who} nods to {peer} and covers the ears: no room (ACK, {numbers}).",
			    "{who}向{peer}点头，却捂住耳朵：听不下了（ACK，{numbers}）。"}},
	[LOOK_ACK]      = {{"{who} nods to {peer} (ACK, {numbers}).",
			    "{who}向{peer}点头（ACK，{numbers}）。"}},
	[LOOK_EMPTY]    = {{"{who} makes an empty gesture to {peer} ({numbers}).",
			    "{who}向{peer}做了个空手势（{numbers}）。"}},
};

const struct phrase tell_repeats[LOOK_COUNT] = {
	[LOOK_SYN]      = {{"{who} waves to {peer} again, repetition {again} (SYN, {numbers}).",
			    "{who}又向{peer}招了一次手，重复第{again}次（SYN，{numbers}）。"}},
	[LOOK_SYN_ACK]  = {{"{who} nods and waves back to {peer} again, repetition {again} (SYN+ACK, {numbers}).",
			    "{who}又向{peer}点头招手，重复第{again}次（SYN+ACK，{numbers}）。"}},
	[LOOK_RST]      = {{"{who} slams the door on {peer} again, repetition {again} (RST, {numbers}).",
			    "{who}又对{peer}摔门，重复第{again}次（RST，{numbers}）。"}},
	[LOOK_FIN]      = {{"{who} waves goodbye to {peer} again, repetition {again} (FIN, {numbers}).",
			    "{who}又向{peer}挥手告别，重复第{again}次（FIN，{numbers}）。"}},
	[LOOK_FIN_DATA] = {{"{who} says {said} again and waves goodbye to {peer}, repetition {again} (FIN, {numbers}).",
			    "{who}对{peer}又说了一遍{said}，并挥手告别，重复第{again}次（FIN，{numbers}）。"}},
	[LOOK_DATA]     = {{"{who} says it again to {peer}: {said}, repetition {again} ({numbers}).",
			    "{who}对{peer}又说了一遍：{said}，重复第{again}次（{numbers}）。"}},
	[LOOK_NO_ROOM]  = {{"{who} nods to {peer} again, ears covered, repetition {again} (ACK, {numbers}).",
			    "{who}又捂着耳朵向{peer}点头，重复第{again}次（ACK，{numbers}）。"}},
	[LOOK_ACK]      = {{"{who} nods to {peer} again, repetition {again} (ACK, {numbers}).",
			    "{who}又向{peer}点了一次头，重复第{again}次（ACK，{numbers}）。"}},
	[LOOK_EMPTY]    = {{"{who} makes an empty gesture to {peer} again, repetition {again} ({numbers}).",
			    "{who}又向{peer}做了个空手势，重复第{again}次（{numbers}）。"}},
};

const struct phrase tell_arrivals[LOOK_COUNT] = {
	[LOOK_SYN]      = {{"{who} sees {peer} wave (SYN).", "{who}看见{peer}招手（SYN）。"}},
	[LOOK_SYN_ACK]  = {{"{who} sees {peer} nod and wave back (SYN+ACK).",
			    "{who}看见{peer}点头微笑，也在招手（SYN+ACK）。"}},
	[LOOK_RST]      = {{"{who} hears {peer} slam the door (RST).", "{who}听见{peer}摔门（RST）。"}},
	[LOOK_FIN]      = {{"{who} sees {peer} wave goodbye (FIN).", "{who}看见{peer}挥手告别（FIN）。"}},
	[LOOK_FIN_DATA] = {{"{who} hears {peer} say {said} and sees the wave goodbye (FIN).",
			    "{who}听见{peer}说{said}，看见其挥手告别（FIN）。"}},
	[LOOK_DATA]     = {{"{who} hears {peer} say {said}.", "{who}听见{peer}说{said}。"}},
	[LOOK_NO_ROOM]  = {{"{who} sees {peer} nod with covered ears (ACK, window 0).",
			    "{who}看见{peer}捂着耳朵点头（ACK，窗口 0）。"}},
	[LOOK_ACK]      = {{"{who} sees {peer} nod (ACK {ack}).", "{who}看见{peer}点头（ACK {ack}）。"}},
	[LOOK_EMPTY]    = {{"{who} sees an empty gesture of {peer}.", "{who}看见{peer}做了个空手势。"}},
};

const struct phrase tell_moods[STATE_COUNT] = {
	[CLOSED]       = {{"out of touch", "没有往来"}},
	[LISTEN]       = {{"waiting for someone to wave", "等人招手"}},
	[SYN_SENT]     = {{"has waved, waiting for an answer", "招了手，等回应"}},
	[SYN_RECEIVED] = {{"has nodded, is waving too", "点了头，也在招手"}},
	[ESTABLISHED]  = {{"in conversation", "谈上了"}},
	[FIN_WAIT_1]   = {{"has waved goodbye, waiting for the nod", "挥手告别，等对方点头"}},
	[FIN_WAIT_2]   = {{"the goodbye was heard, listening to last words", "告别已被听见，还在听遗言"}},
	[CLOSE_WAIT]   = {{"the other said goodbye, may still speak", "对方已告别，自己还可以说"}},
	[CLOSING]      = {{"both waved goodbye at once", "两人同时挥手告别"}},
	[LAST_ACK]     = {{"has said the last word, waiting for the nod", "说完了最后一句，等对方点头"}},
	[TIME_WAIT]    = {{"in mourning", "守丧"}},
};

const struct phrase tell_calls[CALL_VERB_COUNT] = {
	[CALL_LISTEN]   = {{"{who}'s program listens.", "{who}的程序开始等人来（listen）。"}},
	[CALL_CONNECT]  = {{"{who}'s program wants to talk to {arguments} (connect).",
			    "{who}的程序想和{arguments}说话（connect）。"}},
	[CALL_ACCEPT]   = {{"{who}'s program takes the next visitor (accept).",
			    "{who}的程序接待来客（accept）。"}},
	[CALL_WRITE]    = {{"{who}'s program writes {arguments}.", "{who}的程序要说{arguments}（write）。"}},
	[CALL_READ]     = {{"{who}'s program asks for what was heard (read).",
			    "{who}的程序来取听到的话（read）。"}},
	[CALL_SHUTDOWN] = {{"{who}'s program has nothing more to say (shutdown).",
			    "{who}的程序没有话要说了（shutdown）。"}},
	[CALL_CLOSE]    = {{"{who}'s program leaves (close).", "{who}的程序走了（close）。"}},
	[CALL_ABORT]    = {{"{who}'s program breaks off at once (abort).",
			    "{who}的程序当场翻脸（abort）。"}},
	[CALL_OPTION]   = {{"{who}'s program sets {arguments}.", "{who}的程序设置{arguments}（option）。"}},
	[CALL_BIND]     = {{"{who}'s program asks for port {arguments} (bind).",
			    "{who}的程序要端口{arguments}（bind）。"}},
};

const struct phrase tell_refusals[CALL_VERB_COUNT] = {
	[CALL_LISTEN]   = {{"{who}'s listen fails: {error}.", "{who}的 listen 失败：{error}。"}},
	[CALL_CONNECT]  = {{"{who}'s connect fails: {error}.", "{who}的 connect 失败：{error}。"}},
	[CALL_ACCEPT]   = {{"{who}'s accept fails: {error}.", "{who}的 accept 失败：{error}。"}},
	[CALL_WRITE]    = {{"{who}'s write fails: {error}.", "{who}的 write 失败：{error}。"}},
	[CALL_READ]     = {{"{who}'s read fails: {error}.", "{who}的 read 失败：{error}。"}},
	[CALL_SHUTDOWN] = {{"{who}'s shutdown fails: {error}.", "{who}的 shutdown 失败：{error}。"}},
	[CALL_CLOSE]    = {{"{who}'s close fails: {error}.", "{who}的 close 失败：{error}。"}},
	[CALL_ABORT]    = {{"{who}'s abort fails: {error}.", "{who}的 abort 失败：{error}。"}},
	[CALL_OPTION]   = {{"{who}'s option fails: {error}.", "{who}的 option 失败：{error}。"}},
	[CALL_BIND]     = {{"{who}'s bind fails: {error}.", "{who}的 bind 失败：{error}。"}},
};

const struct phrase tell_results[CALL_VERB_COUNT] = {
	[CALL_LISTEN]   = {{"{who}'s listen has succeeded.", "{who}的 listen 成功了。"}},
	[CALL_CONNECT]  = {{"{who}'s connect has succeeded.", "{who}的 connect 成功了。"}},
	[CALL_ACCEPT]   = {{"{who}'s accept has a visitor.", "{who}的 accept 等到了来客。"}},
	[CALL_WRITE]    = {{"{who}'s write has succeeded.", "{who}的 write 成功了。"}},
	[CALL_READ]     = {{"{who}'s read has succeeded.", "{who}的 read 成功了。"}},
	[CALL_SHUTDOWN] = {{"{who}'s shutdown has succeeded.", "{who}的 shutdown 成功了。"}},
	[CALL_CLOSE]    = {{"{who}'s close has succeeded.", "{who}的 close 成功了。"}},
	[CALL_ABORT]    = {{"{who}'s abort has succeeded.", "{who}的 abort 成功了。"}},
	[CALL_OPTION]   = {{"{who}'s option is set.", "{who}的 option 设好了。"}},
	[CALL_BIND]     = {{"{who}'s bind has succeeded.", "{who}的 bind 成功了。"}},
};

const struct phrase tell_deeds[DEED_COUNT] = {
	[DEED_DROP]      = {{"The wind blows {who}'s {what} away{deed}.", "{who}的{what}被风吹走了{deed}。"}},
	[DEED_DELAY]     = {{"The wind holds {who}'s {what} up for {time} s{deed}.",
			     "风把{who}的{what}耽搁了{time}秒{deed}。"}},
	[DEED_DUPLICATE] = {{"The wind says {who}'s {what} twice{deed}.",
			     "风把{who}的{what}学了一遍，成了两份{deed}。"}},
	[DEED_REORDER]   = {{"The wind lets others overtake {who}'s {what}{deed}.",
			     "风让别的话赶到了{who}的{what}前面{deed}。"}},
	[DEED_CORRUPT]   = {{"The wind garbles {who}'s {what}{deed}.", "{who}的{what}被风吹得走了样{deed}。"}},
	[DEED_CUT]       = {{"The way is cut: {who}'s {what} is lost{deed}.",
			     "路断了：{who}的{what}被风吹走{deed}。"}},
	[DEED_QUEUE]     = {{"The way is full: {who}'s {what} is lost{deed}.",
			     "路上挤满了：{who}的{what}被风吹走{deed}。"}},
	[DEED_MTU]       = {{"{who}'s {what} is too big for the way and is lost{deed}.",
			     "{who}的{what}太大，过不去，被风吹走{deed}。"}},
	[DEED_LIFETIME]  = {{"{who}'s {what} was under way too long and is gone{deed}.",
			     "{who}的{what}在路上太久，被风吹散了{deed}。"}},
	[DEED_MARK]      = {{"The wind marks {who}'s {what}: the way is crowded{deed}.",
			     "风在{who}的{what}上记了一笔：路上拥挤{deed}。"}},
	[DEED_ICMP]      = {{"{who}'s {what} cannot pass, and {who} is told why{deed}.",
			     "{who}的{what}过不去，{who}会得知原因{deed}。"}},
};

const struct phrase tell_hands[DEED_COUNT] = {
	[DEED_DROP]      = {{"A hand takes {who}'s {what} out of the air{deed}.",
			     "{who}的{what}被一只手从半空拿走了{deed}。"}},
	[DEED_DELAY]     = {{"A hand holds {who}'s {what} up for {time} s{deed}.",
			     "有只手把{who}的{what}按住了{time}秒{deed}。"}},
	[DEED_DUPLICATE] = {{"A hand makes two of {who}'s {what}{deed}.",
			     "有只手把{who}的{what}变成了两份{deed}。"}},
	[DEED_REORDER]   = {{"A hand lets others overtake {who}'s {what}{deed}.",
			     "有只手让别的话赶到了{who}的{what}前面{deed}。"}},
	[DEED_CORRUPT]   = {{"A hand garbles {who}'s {what}{deed}.", "有只手把{who}的{what}弄得走了样{deed}。"}},
};

const struct phrase tell_discards[DISCARD_COUNT] = {
	[DISCARD_CHECKSUM]   = {{"{who} hears only noise and ignores it (checksum wrong): {peer}'s {what}.",
				 "{who}只听见杂音，不予理会（校验和不对）：{peer}的{what}。"}},
	[DISCARD_HOST_DOWN]  = {{"Nobody is at {who}'s place to take {peer}'s {what}.",
				 "{who}那里没有人，{peer}的{what}白说了。"}},
	[DISCARD_NO_HOST]    = {{"Nobody has that address: the {what} reaches no one.",
				 "没有人住在那个地址：{what}无人收到。"}},
	[DISCARD_ADDRESS]    = {{"{who} does not answer a call from such an address: {what}.",
				 "{who}不理会这种地址来的{what}。"}},
	[DISCARD_QUEUE_FULL] = {{"{who}'s waiting room is full: {peer}'s {what} is ignored.",
				 "{who}门口排满了人：{peer}的{what}没人理。"}},
};

const struct phrase tell_timers[TIMER_COUNT] = {
	[TIMER_RETRANSMIT] = {{"{who} has waited too long for an answer (retransmission timer).",
			       "{who}等回应等得太久了（重传定时器到点）。"}},
	[TIMER_OVERRIDE]   = {{"{who} will not save up words any longer (override timer).",
			       "{who}不再攒话了（催发定时器到点）。"}},
	[TIMER_ACK]        = {{"{who} may put off the nod no longer (delayed ACK timer).",
			       "{who}不能再拖着不点头了（延迟确认定时器到点）。"}},
	[TIMER_KEEPALIVE]  = {{"{who} wonders whether anybody is there (keep-alive timer).",
			       "{who}想知道对方还在不在（保活定时器到点）。"}},
	[TIMER_TIME_WAIT]  = {{"{who}'s mourning is over (TIME-WAIT timer).",
			       "{who}守丧期满（TIME-WAIT 定时器到点）。"}},
	[TIMER_USER]       = {{"{who} gives up: nothing was heard for too long (user timer).",
			       "{who}太久没听到回应，不等了（用户定时器到点）。"}},
	[TIMER_LOSS]       = {{"{who} has waited long enough for words that may only be late (loss timer).",
			       "{who}等够了，不再当作是路上走慢（察失定时器到点）。"}},
};

const struct phrase tell_signals[TELL_SIGNALS] = {
	{{"{who}'s program is told: the conversation has begun.", "{who}的程序得知：谈上了。"}},
	{{"{who}'s program is told: connection refused.", "{who}的程序得知：对方拒绝。"}},
	{{"{who}'s program is told: connection reset.", "{who}的程序得知：对方摔了门。"}},
	{{"{who}'s program is told: the other has waved goodbye.", "{who}的程序得知：对方已挥手告别。"}},
	{{"{who}'s program is told: timed out.", "{who}的程序得知：等不到了。"}},
	{{"{who}'s program is told: there is something to read.", "{who}的程序得知：有话可取。"}},
	{{"{who}'s program is told: words were heard, there is room for more.",
	  "{who}的程序得知：话被听见了，可以再说。"}},
	{{"{who}'s program is told: urgent words.", "{who}的程序得知：有急话。"}},
	{{"{who}'s program is told: the conversation is over.", "{who}的程序得知：谈话结束。"}},
	{{"{who} goes back to waiting for someone to wave.", "{who}又回去等人招手。"}},
	{{"{who}'s program is told: no answer so far.", "{who}的程序得知：迟迟没有回应。"}},
	{{"{who}'s program is told: trouble on the way.", "{who}的程序得知：路上不太平。"}},
	{{"{who}'s program is told: the other cannot be reached.", "{who}的程序得知：到不了对方那里。"}},
	{{"{who} leaves off mourning for a new wave.", "{who}见有人重新招手，不再守丧。"}},
	{{"{who}'s program is told: the goodbye was heard.", "{who}的程序得知：告别被听见了。"}},
};

const struct phrase tell_icmps[TELL_ICMPS] = {
	[ICMP_SOFT]    = {{"{who} gets word of trouble on the way (ICMP).", "{who}收到路上不通的消息（ICMP）。"}},
	[ICMP_HARD]    = {{"{who} gets word that nobody can be reached (ICMP).",
			   "{who}收到对方到不了的消息（ICMP）。"}},
	[ICMP_TOO_BIG] = {{"{who} gets word that at most {number} octets fit (ICMP).",
			   "{who}收到消息：最多只能过{number}个字节（ICMP）。"}},
	[ICMP_QUENCH]  = {{"{who} gets word to speak slower, and ignores it (ICMP).",
			   "{who}收到“说慢点”的消息，不予理会（ICMP）。"}},
	[ICMP_PROHIBITED] = {{"{who} gets word that the way is forbidden (ICMP).",
			      "{who}收到消息：这条路不让走（ICMP）。"}},
};

const struct phrase tell_verdicts[TELL_VERDICTS] = {
	[VERDICT_PASS]         = {{"Expected, and so it is: {text}.", "果然如此：{text}。"}},
	[VERDICT_FAIL]         = {{"Expected, but it is not so: {text}; {text2}.", "并非如此：{text}；{text2}。"}},
	[VERDICT_INCONCLUSIVE] = {{"It never came to that: {text}; {text2}.", "没等到这一步：{text}；{text2}。"}},
};

const struct phrase tell_ones[TELL_ONE_COUNT] = {
	[TELL_READ]             = {{"{who}'s program reads {said}.", "{who}的程序取走{said}（read）。"}},
	[TELL_READ_END]         = {{"{who}'s program reads the end: nothing more will come.",
				    "{who}的程序读到了尽头：不会再有话来。"}},
	[TELL_STATE]            = {{"{who} is now in {state}: {mood}.", "{who}进入{state}：{mood}。"}},
	[TELL_RULE]             = {{"{who} follows the rule {rule}.", "{who}依照规则{rule}。"}},
	[TELL_NO_RULE]          = {{"{who} follows a rule without a name.", "{who}依照一条无名的规则。"}},
	[TELL_CRASH]            = {{"{who} falls down, deaf and dumb.", "{who}倒下了，又聋又哑。"}},
	[TELL_REBOOT]           = {{"{who} gets up again and remembers nothing.", "{who}又起来了，什么都不记得。"}},
	[TELL_PICTURE]          = {{"A whole picture of {who} is kept here.", "这里存着{who}的全貌。"}},
	[TELL_SCENE]            = {{"Scene: {text}.", "一幕：{text}。"}},
	[TELL_SAY]              = {{"{text}", "{text}"}},
	[TELL_MARKER]           = {{"Here: {text}.", "此处：{text}。"}},
	[TELL_ASK]              = {{"Question: {text}", "提问：{text}"}},
	[TELL_PROMISE]          = {{"A promise is broken, {text}: {text2}.", "诺言{text}被打破：{text2}。"}},
	[TELL_PROMISE_EXPECTED] = {{"A promise is broken, as the play meant it, {text}: {text2}.",
				    "正如剧本所要，诺言{text}被打破：{text2}。"}},
	[TELL_END]              = {{"The play is over: {text}.", "散场：{text}。"}},
	[TELL_STRANGER]         = {{"Out of nowhere, in {sender}'s name: ", "不知从哪里来，冒{sender}之名："}},
	[TELL_COPY]             = {{" It is the wind's copy.", "这是风学的那一份。"}},
	[TELL_BY_HAND]          = {{" By hand{deed}.", "这是人手所为{deed}。"}},
	[TELL_SOMEBODY]         = {{"somebody", "某人"}},
};

/* English: sock_error_text(). */
const char *const tell_errors_zh[SOCK_ERROR_COUNT] = {
	[SOCK_OK]            = "成功",
	[SOCK_EADDRINUSE]    = "地址已被占用",
	[SOCK_EADDRNOTAVAIL] = "没有这个地址",
	[SOCK_EAGAIN]        = "眼下没有",
	[SOCK_EALREADY]      = "已经在连接",
	[SOCK_EBADF]         = "没有这个套接字",
	[SOCK_ECONNABORTED]  = "连接已中止",
	[SOCK_ECONNREFUSED]  = "连接被拒绝",
	[SOCK_ECONNRESET]    = "连接被重置",
	[SOCK_EHOSTDOWN]     = "主机没有开机",
	[SOCK_EHOSTUNREACH]  = "到不了那台主机",
	[SOCK_EINPROGRESS]   = "正在进行",
	[SOCK_EINVAL]        = "参数不对",
	[SOCK_EISCONN]       = "已经连上了",
	[SOCK_EMFILE]        = "套接字太多",
	[SOCK_ENOBUFS]       = "没有缓冲空间",
	[SOCK_ENOPROTOOPT]   = "没有这个选项",
	[SOCK_ENOTCONN]      = "还没有连上",
	[SOCK_EOPNOTSUPP]    = "不支持这种操作",
	[SOCK_EPIPE]         = "管道断了，对方不再听",
	[SOCK_ETIMEDOUT]     = "连接超时",
};
/* clang-format on */
