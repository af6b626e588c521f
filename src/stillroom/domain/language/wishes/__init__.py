"""Step 4, phrases as changes of a plan, one module per family of wishes.

Each `read_…` looks for its words in a phrase, adds acts and marks the words as used. What is kept or taken
back comes first (`keeping`), then formats, what cannot be done (`added`, `props`), places (`light_sides`,
`placing`), named effects, backdrops (`backdrops`, `colours`, and `paint` for their shades) and qualities
(`qualities` and `properties` with the table of `effects`; `degrees` and `complaints` give their direction,
`ellipsis` their part).
"""
