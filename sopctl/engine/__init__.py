"""The interpreter: a case is its events, its state is their fold; pure, the clock and the user are arguments."""
