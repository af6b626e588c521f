"""Stillroom: phone photo in, marketplace picture out."""
