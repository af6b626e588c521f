"""Step 1, text as tokens: known words with their senses, numbers and amounts.

`lexicon` finds the longest known word (data in `catalog/language`), `spelling` puts English typos
right, `homophones` Chinese ones, and `amounts` reads the value of a figure; `tokens` joins them.
"""
