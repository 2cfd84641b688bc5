"""Prefect flows and their steps, in the order the data takes; read flow.py first."""
