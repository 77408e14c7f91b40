"""Letters: what a template may say (its context), how it is compiled and filled in, which document a move writes."""
