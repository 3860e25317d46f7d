"""A reader of everything that quarterly releases publish, who works out what they hide.

Shares no code with the rules that hide: only ``years`` makes releases, and hands on files.
"""
