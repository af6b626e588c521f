"""Parser of Chinese and English instructions: text to plan.

The steps, in the order in which `reader` takes them:

1. Tokens: known words with their senses, numbers and colours (`words`).
2. Clauses between punctuation marks; those that only ask or report are set aside (`clauses.requests`).
3. Phrases of a clause, each with the scope of its negations and one sense for each word (`clauses`).
4. Acts: what a phrase wishes, as changes of a plan (`wishes`, called by `grammar` and `clause_reading`).
5. Validation: a phrase that has a word without a meaning in it loses its acts (`validation`).
6. Plan: acts that contradict or answer each other are settled (`conflicts`), the others carried out (`acts`),
   unless a model of whole sentences finds their changes improbable (`sentence_model`, `doubts`).
7. Completion: wishes that this model is sure of and no act carries out are read in plain words
   (`completion`).
8. Told back: stretches of the text that were not carried out, each with its reason.

Before these, a text that only says how far the wish before it shall go, "a bit more", of what else, "the
background too", or what was meant instead is said in full (`turns`).
"""
