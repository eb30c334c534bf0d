"""What matters: which settings, phases, themes and chances decide who gains by a forum.

Each module makes the design of one question and reads the answer off the worlds that were run of it;
`migsim.analysis.sensitivity` asks them all.
"""
