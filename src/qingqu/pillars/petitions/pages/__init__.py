"""Screens of the petitions: the register, one petition with what may be done next, letters, the public page."""
