"""The use cases: a module and a transaction each.

What they share is in `session`, `unit_of_work` and `outcome`; what a move is given in `move_input` and `field_input`,
who may act in `authority`.
"""
