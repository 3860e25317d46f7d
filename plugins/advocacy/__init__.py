"""Victim advocacy: the victim's voice. Her words, her view and the advocate's judgement stay apart."""
