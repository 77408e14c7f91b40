"""Figures from cases, as plain values: elapsed against standard."""
