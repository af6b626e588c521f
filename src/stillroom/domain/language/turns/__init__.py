"""Before the steps: what a text leaves out because the turns before have said it.

A text may only say how far the wish before shall go or of what else (`follow_ups`, `carrying_on`), what was
meant instead (`corrections` with `slots`), or which wish no longer stands (`withdrawals`). The first two are
said in full and then read as any text.
"""
