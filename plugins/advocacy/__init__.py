"""Victim advocacy: the victim's voice.

The victim's words, the victim's view and the advocate's judgement stay apart.
"""
