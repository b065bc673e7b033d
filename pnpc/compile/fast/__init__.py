"""The fast way from a row of CSV to a line of JSON: a function written for one spec and one table's columns.

It accepts only what it is sure of. Everything else, right or wrong, it leaves to `Plan.compile`, which is the judge.
"""
