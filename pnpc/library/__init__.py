"""pnpc for programs: texts in, values out; and messages sent once.

`pnpc/__init__.py` lists what is stable: that changes only with a new major version. Each name is loaded when it is first
asked for, so that a program which only checks needs the libraries of `pnpc check` and no others.
"""
