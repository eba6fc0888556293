"""Mutation of the rules and the use-cases: what a small wrong change is noticed by."""
