" SPDX-License-Identifier: MIT
autocmd BufNewFile,BufRead *.scene set filetype=woshou
