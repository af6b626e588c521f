"""Export files: renders a master into the files of a preset and checks them against rules."""
