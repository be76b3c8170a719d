#!/bin/sh
# SPDX-License-Identifier: MIT
# e2e-hands.sh SHOW [WOSHOU SCENARIOS] - a reader with his hands on real plays: words taken out of
# the air, branches made, compared and saved, predictions, places, the mouse, and every way out.
. "$(dirname "$0")/lib.sh"
[ -n "$2" ] || exit 77
# The plays are elsewhere, and what is run may be named from here.
woshou=$(realpath "$2") scenarios=$(realpath "$3")
HOME=$work
export HOME
mkdir "$work/plays"
cp "$scenarios/first-wave.scene" "$scenarios/1-hello/three-way.scene" "$work/plays"
cd "$work/plays" || exit 1
progress=$work/state/woshou/progress.json

play() { # play SCENE OPTIONS...: at its beginning
	start xterm-256color 100 30 "$woshou" play --lang en --motion steps "$@"
	soon shows "t 0\\.000 s"
}
type_in() { # type_in KEY TEXT: into the line that the key opens
	keys "$1"
	keys -l "$2"
	keys Enter
}
# Where nothing has been done: Zhang San's nod is on its way.
at_the_nod() {
	play first-wave.scene "$@"
	type_in g 1.1s
	soon shows "t 1\\.100 s"
}
# The picture, but for the title and what the footer has to say.
picture() { screen | sed '1d;$d'; }
picture_is() { [ "$(picture)" = "$(cat "$1")" ]; }
works() { # works DESCRIPTION COMMAND...: without a terminal
	description=$1
	shift
	"$@" >"$work/said" 2>&1
	told $? "$description"
}
is_json() { python3 -m json.tool "$1" >/dev/null 2>&1; }

# ---- drop, undo
at_the_nod
keys d
sees "a word is dropped: a branch" "branch what-if-1 at 1.100 s: drop 3rd zhang -> li"
sees "the title names it" "→ what-if-1"
sees "the loss is on the ladder" "│× blown away "
sees "it is the second one" "blown away 2"
keys U
sees "undone" "→ main"
sees "only what the play loses is lost" "blown away 1"
# The first line of talk: it is said again when nobody has nodded.
type_in g 1.2s
sees "to the first line" "t 1.200 s"
keys d
sees "it is dropped" "what-if-2 at 1.200 s: drop 4th zhang -> li"
sees "lost" "blown away 2"
type_in g "next again"
sees "later it is said again" "said again 2"
sees_like "the words are the same ones" '"line 1" .*↻1'

# ---- delay
keys U
sees "back in the play as written" "→ main"
keys D
sees "by how long?" "by how long"
keys C-u
keys -l soon
keys Enter
sees_like "soon is no time" "\\^~*"
keys C-u
keys -l 300ms
keys Enter
sees "delayed by what was typed" "by 300ms   U undo"
sees "the wind strip says so" "held up"

# ---- commands
type_in : "zhang fly"
sees "a wrong verb is refused" "unknown verb 'fly'"
sees_like "and shown where" "^ +\\^~~"
keys C-u
keys -l zha
keys Tab
sees "Tab completes, and shows what may come" "what does this person do now?"
keys -l cl
keys Tab Enter
sees "zhang close is done" "zhang close   U undo"
sees "and seen" "FIN_WAIT_1"
sees "and told" "By hand (first-wave.scene:52 by hand zhang close)"

# ---- branches
keys b
sees "the list" "Branches"
sees_like "marks the one shown" "▶ .*what-if-4 .*zhang close"
keys Up =
sees "two side by side" "Side by side"
sees "what only one has" "calls close"
keys Escape
lacks "back in the list" "Side by side"
keys Enter
sees "Enter shows it" "branch what-if-3 at"
sees "and the title" "→ what-if-3"

# ---- saving
keys b
sees "the list again" "not saved"
keys s
sees "a name is offered" "first-wave-what-if-3.scene"
keys C-u
keys -l mine
keys Enter
sees "saved" "written: mine.scene"
[ -s mine.scene ]
told $? "the file is there"
keys Escape
sees "the branch is called like its file" "→ mine.scene"
cp mine.scene "$work/kept"
type_in : "save mine"
sees "it would be overwritten: that is asked" "mine.scene: write over it? y n"
keys n
lacks "no" "write over it?"
cmp -s mine.scene "$work/kept"
told $? "it is as it was"
type_in : "save first-wave.scene"
sees "nor is the play itself without asking" "first-wave.scene: write over it? y n"
keys n
lacks "no again" "write over it?"
cmp -s first-wave.scene "$scenarios/first-wave.scene"
told $? "the play is as it was"
type_in g 1.4s
sees "somewhere in the branch" "t 1.400 s"
picture >"$work/branch"
keys q
sees "the others are not saved" "branches not saved: 3; q again leaves"
keys .
lacks "another key: nobody wants to leave" "q again leaves"
keys q q
ends "q twice leaves" 0

# ---- what was saved is a play
works "it runs, and holds" "$woshou" run mine.scene
works "it is exported" "$woshou" export --to jsonl -o "$work/one" mine.scene
works "twice" "$woshou" export --to jsonl -o "$work/two" mine.scene
[ -s "$work/one" ] && cmp -s "$work/one" "$work/two"
told $? "the same bytes"
play mine.scene
type_in g 1.4s
sees "it is played" "t 1.400 s"
holds "the same picture as the branch had" picture_is "$work/branch"
keys q
ends "nothing is unsaved" 0

# ---- exports
at_the_nod
keys x
sees "the menu of exports" "Enter writes into the current folder"
keys t
sees "in Chinese" "回车写到当前文件夹"
keys t t
sees "and back" "Enter writes into the current folder"
keys 8
sees "it is written" "written: first-wave.jsonl"
works "and can be played" "$woshou" export --to ladder first-wave.jsonl
keys q
ends "an export is no branch" 0

# ---- every way out, whatever is open
over() { # over DESCRIPTION TEXT KEYS...: the text is seen, then Escape and q, then Ctrl-C
	over=$1 seen=$2
	shift 2
	for way in quit interrupt; do
		at_the_nod
		keys "$@"
		sees "$over" "$seen"
		if [ $way = quit ]; then
			# A list may lie below it. Who was asked something is shown his score first.
			keys Escape Escape q
			if [ "$over" = "a question" ]; then
				sees "passed over" "of 1 question 0 right, 0 wrong, 1 passed over"
				keys q
			fi
			ends "$over: Escape, q" 0
		else
			keys C-c
			ends "$over: Ctrl-C" 130
		fi
	done
}
over "help" "play or pause" '?'
over "why" "RFC 9293" k w
over "a header" "checksum" k i
over "a place" "Go to" g
over "a command" "Command" : w i n d
over "how long" "by how long" D
over "the branches" "as written" b
over "a name for a file" "Save as" b s
over "exports" "asciicast" x
over "write over it?" "write over it?" : s a v e Space m i n e Enter
over "a question" "answer  SPC pass" p

# ---- predictions
answer() { # answer TEXT: the number before it
	choice=$(screen | grep -oE "[1-9] $1( |\$)" | head -n 1)
	keys "${choice%% *}"
}
play first-wave.scene --score "$work/score.json"
keys . p
sees "who sends what?" "1-4 answer"
answer "nobody sends anything"
sees "right" "✓ Right: nobody sends anything"
sees "in the title" "score 1/1"
keys Space
sees "it happens" "LISTEN"
keys p
sees "and then?" "Zhang San's program calls connect"
answer "it arrives"
sees "wrong" "No. It is: the wind takes it"
sees "no point for it" "score 1/2"
keys Escape
lacks "enough of it" "No. It is"
keys q
sees "the score" "of 2 questions 1 right, 1 wrong, 0 passed over"
keys q
ends "the score was seen" 0
is_json "$work/score.json"
told $? "the score is JSON"
grep -q '"totals":{"asked":2,"right":1,"wrong":1,"passed":0' "$work/score.json"
told $? "with its totals"

play three-way.scene
keys + + + + + Space
sees "the play asks, and stops" "the play asks"
sees "it is paused" "PAUSED"
keys Space
lacks "Space passes, and it goes on" "Which number will Li Si acknowledge?"
sees "passed over is not right" "score 0/1"
sees "the next question" "And which number will Zhang San nod to?"
keys Space
sees "to the end" "2 passed over"
keys Escape q
ends "and out" 0

# ---- asked to end: what is worth keeping is kept
rm -f "$work/score.json" "$progress"
play first-wave.scene --score "$work/score.json"
keys . p
sees "a question" "1-4 answer"
answer "nobody sends anything"
sees "an answer" "score 1/1"
keys Space
type_in g 1.2s
sees "somewhere" "t 1.200 s"
kill -TERM "$(pid)"
ends "SIGTERM" 143
grep -q '"at_us": 1200000' "$progress"
told $? "where he was is kept"
grep -q '"totals":{"asked":1,"right":1' "$work/score.json"
told $? "and his score"
play three-way.scene
kill -HUP "$(pid)"
ends "SIGHUP" 129
grep -q three-way.scene "$progress"
told $? "is kept, too"

# ---- places
play first-wave.scene
type_in g "next FIN"
sees "the first goodbye" "t 2.000 s"
keys n
sees "the second" "t 3.000 s"
keys N
sees "back to the first" "t 2.000 s"
type_in g "state TIME_WAIT"
sees "mourning" "t 3.050 s"
keys t w
sees "why, in Chinese" "第 3.10"
keys t t Escape
sees "English again" "Zhang San mourns"

# ---- the mouse
mouse() { # mouse BUTTON ROW COLUMN M: or m, let go
	keys -l "$(printf '\033[<%d;%d;%d%s' "$1" "$3" "$2" "$4")"
}
click() {
	mouse 0 "$1" "$2" M
	mouse 0 "$1" "$2" m
}
keys 0
sees "at the beginning" "t 0.000 s"
click 30 14
sees "the footer can be clicked: a step" "Two waves and two nods"
keys G
sees "the end" "t 63.050 s"
click "$(screen | grep -n '^ *2\.300 ' | cut -d: -f1)" 40
sees_colour "a row of the ladder is looked at" "\[7m *.\[1m2\.300"
keys i
sees "its header" "checksum"
keys Escape
keys 0
sees "the beginning again" "t 0.000 s"
mouse 0 29 5 M
mouse 32 29 50 M
sees_like "dragged along the timeline" "t [12]\\.[0-9]+ s"
mouse 32 12 99 M
sees "as far as the mouse goes, wherever" "t 63.050 s"
mouse 0 12 99 m
mouse 32 29 5 M
keys ,
sees "let go, it is dragged no more" "t 3.100 s"
keys q
ends "after the mouse" 0

# ---- the playbill
rm -f "$progress"
start xterm-256color 100 30 "$woshou" --scenes "$scenarios" --lang en
sees "the playbill" "Playbill"
keys -l "/eats the first"
sees "what matches" "1 scene"
sees "was never seen" "not seen yet"
keys Enter Enter
sees "it is played" "t 0.000 s"
type_in g 1.2s
sees "for a while" "t 1.200 s"
keys q
sees "back to the playbill" "Playbill"
sees "it knows how far" "left at 1.200 s"
keys Enter
sees "and goes on there" "t 1.200 s"
kill -TERM "$(pid)"
ends "SIGTERM in a play from it" 143
grep -q '"at_us": 1200000' "$progress"
told $? "keeps the place"
start xterm-256color 100 30 "$woshou" --scenes "$scenarios" --lang en
sees "another day" "left at 1.200 s"
keys t
sees "in Chinese" "节目单"
keys q
ends "and out" 0
finish
