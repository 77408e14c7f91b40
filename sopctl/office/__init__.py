"""Who the office is: sopctl.yaml, its officials, and who may act for which pelaksana."""
