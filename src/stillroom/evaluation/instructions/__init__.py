"""How well instructions are read: sentences with what each must do to the plan."""
