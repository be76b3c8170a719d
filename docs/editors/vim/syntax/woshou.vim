" SPDX-License-Identifier: MIT
" The scene language of woshou, docs/scene-language.md
if exists("b:current_syntax")
  finish
endif

setlocal iskeyword=@,48-57,_,192-255,-
setlocal commentstring=#\ %s
setlocal expandtab shiftwidth=2 softtabstop=2

syntax keyword sceneStatement woshou title seed end limit golden ladder include person wind scene
syntax keyword sceneStatement at after when each repeat for expect ask marker say because stranger by no
syntax keyword sceneWord as from port backlog in every where of past or max between and cut longer
syntax keyword sceneWord within with answer events takes until hand never eventually total broken fails on off
syntax keyword sceneWord delay jitter rate queue mtu lifetime drop duplicate reorder corrupt mark icmp
syntax keyword sceneWord seq ack len win retransmit retransmits profile address isn segment text urgent
syntax keyword sceneVerb listen connect accept accepts write read reads reader shutdown close closes abort
syntax keyword sceneVerb option crash reboot echo discard chargen sink source sends gets received
syntax keyword sceneLanguage en zh
syntax keyword sceneState CLOSED LISTEN SYN_SENT SYN_RCVD SYN_RECEIVED ESTABLISHED FIN_WAIT_1 FIN_WAIT_2
syntax keyword sceneState CLOSE_WAIT CLOSING LAST_ACK TIME_WAIT
syntax keyword sceneClass SYN ACK FIN RST data any none
syntax match sceneClass /\<SYN+ACK\>/
syntax keyword scenePromise stream edge una figure5 closed-silent quiet
syntax match sceneError /\<E[A-Z]\{4,}\>/
syntax match sceneOption /\<\(SO\|TCP\|IP\)_[A-Z]\+\>/
syntax match sceneNumber /\<\d\+\(\.\d\+\)\?\(us\|ms\|s\|min\|h\|day\|B\|kB\|MB\|GB\|KiB\|MiB\|GiB\|bit\|kbit\|Mbit\|Gbit\|st\|nd\|rd\|th\)\?\>%\?/
syntax match sceneArrow /<\?->/
syntax match sceneVariable /{[A-Za-z_][A-Za-z0-9_]*}/
syntax match sceneEscape /\\\(x\x\x\|.\)\|{{/ contained
syntax region sceneText start=/"/ skip=/\\./ end=/"/ oneline contains=sceneEscape,sceneVariable
syntax match sceneComment /#.*$/ contains=@Spell

highlight default link sceneStatement Statement
highlight default link sceneWord Keyword
highlight default link sceneVerb Function
highlight default link sceneLanguage Label
highlight default link sceneState Constant
highlight default link sceneClass Type
highlight default link scenePromise Constant
highlight default link sceneError Constant
highlight default link sceneOption Identifier
highlight default link sceneNumber Number
highlight default link sceneArrow Operator
highlight default link sceneVariable PreProc
highlight default link sceneEscape SpecialChar
highlight default link sceneText String
highlight default link sceneComment Comment

let b:current_syntax = "woshou"
