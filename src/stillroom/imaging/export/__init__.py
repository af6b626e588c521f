"""Export files: render a master into the files of a preset and check them against its rules."""
