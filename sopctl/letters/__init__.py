"""Word files: what a template may say (its context), how it is rendered, how letters are numbered."""
