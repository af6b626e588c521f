"""Steps 2 and 3, tokens as phrases: clauses, scopes, names, and where a second wish begins.

`requests` tells wishes from questions and reports. `splitting` parts a clause at conjunctions and, by
`boundaries`, without one; `similes` and `nouns` join words before that, `coordination` shares predicates
after it. `phrases` has the scope of negation, `senses` (with `free_space`) the one sense of a word beside
its neighbours.
"""
