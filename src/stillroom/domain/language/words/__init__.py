"""Step 1, text as tokens: known words with their senses, numbers and amounts.

`lexicon` finds the longest known word (data in `catalog/language`), `homophones` Chinese typos, `amounts`
the value of a figure; `tokens` joins them.
"""
